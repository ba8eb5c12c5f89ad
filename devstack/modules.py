"""This module will list the modules of a folder with what each says it does."""

import ast
import sys
from pathlib import Path


def described(folder: Path) -> list[str]:
    """This will return a line per module: its name and its docstring's first line.

    Nothing is imported, so that a broken module is listed too.
    """
    lines = []
    for path in sorted(folder.glob("*.py")):
        if path.name.startswith("_") or path.name == "conftest.py":
            continue
        try:
            words = ast.get_docstring(ast.parse(path.read_text())) or ""
        except SyntaxError:
            words = "(cannot be read)"
        first = words.split("\n", 1)[0]
        lines.append(f"  {path.stem:<18} {first}".rstrip())
    return lines


if __name__ == "__main__":
    print("\n".join(described(Path(sys.argv[1])) or ["  (none yet)"]))
