"""What pharmacrm costs, as ratios to the same reads and writes done by hand in the same run.

`python -m benchmarks` measures, prints, and with `--write` puts the tables into
docs/explanation/performance.md.
"""
