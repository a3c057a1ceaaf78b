"""Files that people write in YAML: read safely, with their mistakes named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from helpers.analysis.settings import SettingsError
from helpers.study.yaml_text import YamlTextError, parse_yaml


def read_yaml(path: Path) -> Any:
    """What a file says; None for an empty one.

    Raises
    ------
    SettingsError
        There is no such file, or it is not YAML.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "plan.yaml")
    ...     _ = path.write_text("n: [15, 33]", encoding="utf-8")
    ...     read_yaml(path)
    {'n': [15, 33]}
    """
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(path.name, ["there is no such file"]) from None
    except UnicodeDecodeError:
        raise SettingsError(path.name, ["not text in UTF-8; save it in that encoding"]) from None
    except YamlTextError as error:
        raise SettingsError(path.name, [str(error)]) from None
