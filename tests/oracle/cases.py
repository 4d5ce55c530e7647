"""The 120 cases of zookeeper-protocol section 9: where each is compared, or why it is not (cases.toml).

A script's comment that ends with numbers in parentheses shows these cases; a test of wire_cases has its case
in its name.
"""

import pathlib
import re
import tomllib

HERE = pathlib.Path(__file__).resolve().parent
TESTS = HERE.parent
CASES = range(1, 121)


def numbers(text):
    return [int(number) for number in text.split(",")]


def places():
    """case -> where it is compared."""
    found = {case: [] for case in CASES}
    for path in sorted([*(TESTS / "script" / "data").glob("*.script"), *(HERE / "scripts").glob("*.script")]):
        for match in re.finditer(r"^#.*\((\d+(?:, \d+)*)\)$", path.read_text(), re.M):
            for case in numbers(match[1]):
                place = str(path.relative_to(TESTS))
                if place not in found[case]:
                    found[case].append(place)
    for path in sorted([*(TESTS / "interop" / "wire_cases").glob("*.py"), HERE / "words_test.py"]):
        for match in re.finditer(r"def test_(\d{3})_", path.read_text()):
            found[int(match[1])].append(str(path.relative_to(TESTS)))
    return found


def exceptions():
    """case -> why no run compares it (or not all of it)."""
    return {int(case): row for case, row in tomllib.loads((HERE / "cases.toml").read_text()).items()}


def table():
    why, lines = exceptions(), []
    for case, where in places().items():
        text = ", ".join(where) or "-"
        lines.append(f"{case:>3}  {text}" + (f"  ({why[case]['why']})" if case in why else ""))
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
