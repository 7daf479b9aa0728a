"""The driver of the outbox: relays are killed and stopped, notices kill and hang them, and nothing is lost.

    python -m pharmacrm.testing.outbox --kills 500 --stops 200 --msgs 10000 --poison 10 --killer 5 --hang 2

It proves T7 (nothing lost, one effect for each notice), T8 (in order for each subject) and T9 (no notice
blocks the others for ever), each beside a store or a sink with the fault planted that it has to find.
"""
