"""Odoo 19.0: Debian's package unpacked, or the checkout named by ODOO_HOME."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .apt import Apt, unpack
from .console import Problem, size, step
from .files import Stamp, digest, remove_tree, require_space
from .settings import APT, ODOO_PREFIX, get

SUITES = ("sid", "trixie", "bookworm")
# Odoo's assets are links into these; without them every page answers 500.
FROM_SID = (
    "odoo-19",
    "fonts-glyphicons-halflings",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
FONT_AWESOME = "fonts-font-awesome"  # 4.7: the files Odoo links to are gone from 7
PACKAGES = "usr/lib/python3/dist-packages"
RECIPE = "1"  # raise it when what is done with the packages changes

# Debian leaves the file out (background blur in video calls). A 404 for it is an error
# in the browser's console, and that fails every browser test.
SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
SELFIE_STUB = "// Not part of Debian's package; background blur is not available.\n"


# Files that sid moved after Odoo's links to them were made.
INCONSOLATA = "usr/share/fonts/opentype/inconsolata/Inconsolata-Regular.otf"
MOVED = {"point_of_sale/static/src/fonts/Inconsolata.otf": INCONSOLATA}


@dataclass(frozen=True)
class OdooSource:
    """Where Odoo is: a folder for Python's path, and folders with addons."""

    python_path: Path
    addons: tuple[Path, ...]
    version: str

    @property
    def base_addons(self) -> Path:
        return self.python_path / "odoo" / "addons"


def ensure() -> OdooSource:
    if home := get("ODOO_HOME"):
        return _from_checkout(Path(home).expanduser().resolve())
    return _from_debian()


def _from_checkout(home: Path) -> OdooSource:
    release = home / "odoo" / "release.py"
    if not release.is_file():
        raise Problem(
            f"ODOO_HOME={home} is no Odoo: there is no odoo/release.py in it. It must "
            "be a checkout of https://github.com/odoo/odoo, branch 19.0."
        )
    if not re.search(r"^version_info = \(19, 0,", release.read_text(), re.MULTILINE):
        raise Problem(f"ODOO_HOME={home} is not Odoo 19.0.")
    addons = tuple(path for path in [home / "addons"] if path.is_dir())
    version = f"{home} {digest([release])}"
    return OdooSource(home, addons, version)


def _from_debian() -> OdooSource:
    python_path = ODOO_PREFIX / PACKAGES
    stamp = Stamp(ODOO_PREFIX / ".complete", digest([RECIPE, *SUITES, *FROM_SID]))
    if not stamp.is_current():
        _unpack_all(stamp)
    version = (ODOO_PREFIX / ".version").read_text()
    return OdooSource(python_path, (), version)


def _unpack_all(stamp: Stamp) -> None:
    require_space(3500, "Odoo with its packages and a first database")
    apt = Apt(SUITES)
    with step("Debian's package lists (40 MB)"):
        apt.update()
        packages = _choose(apt)
        total = apt.total_size(packages)
    version = packages["odoo-19"]
    with step(f"Odoo {version} and {len(packages) - 1} packages ({size(total)})"):
        debs = apt.download(packages)
    with step("unpacking Odoo (1.3 GB)"):
        temporary = ODOO_PREFIX.with_name("odoo.tmp")
        remove_tree(temporary)
        remove_tree(ODOO_PREFIX)
        for deb in debs:
            unpack(deb, temporary)
        _mend(temporary)
        _check_links(temporary / PACKAGES)
        (temporary / ".version").write_text(version)
        (temporary / ".complete").write_text(stamp.key)
        temporary.rename(ODOO_PREFIX)
    # the lists are 200 MB, and an update of Odoo fetches new ones anyway
    remove_tree(APT / "lists")
    remove_tree(APT / "cache")


def _choose(apt: Apt) -> dict[str, str]:
    """The packages and their versions."""
    known = apt.versions([*FROM_SID, FONT_AWESOME])
    if missing := [name for name in FROM_SID if (name, "sid") not in known]:
        raise Problem(f"Debian's sid has no {', '.join(missing)} (any more).")
    chosen = {name: known[name, "sid"] for name in FROM_SID}
    fonts = [known.get((FONT_AWESOME, suite), "") for suite in SUITES]
    if not (old := [version for version in fonts if "4.7" in version]):
        raise Problem(f"No {FONT_AWESOME} 4.7 in {', '.join(SUITES)}.")
    return {**chosen, FONT_AWESOME: old[0]}


def _mend(prefix: Path) -> None:
    """Correct what Debian's package has too much or too little of."""
    packages = prefix / PACKAGES
    # A second copy of every addon's Python files, without their data: nothing may
    # find a module there.
    for name in ("addons", "doc", "setup"):
        shutil.rmtree(packages / name, ignore_errors=True)
    stub = packages / "odoo/addons" / SELFIE
    if not stub.exists():
        stub.parent.mkdir(parents=True, exist_ok=True)
        stub.write_text(SELFIE_STUB)
    for name, moved in MOVED.items():
        link = packages / "odoo/addons" / name
        if link.is_symlink() and not link.exists():
            link.unlink()
            link.symlink_to(os.path.relpath(prefix / moved, link.parent))


def _check_links(packages: Path) -> None:
    broken = [
        path
        for path in (packages / "odoo").rglob("*")
        if path.is_symlink() and not path.exists()
    ]
    if broken:
        names = "\n".join(f"  {path.relative_to(packages)}" for path in broken[:10])
        raise Problem(
            f"{len(broken)} files of Odoo link to packages that were not unpacked, so "
            f"its pages would answer 500:\n{names}\nAdd the packages that hold them "
            "to FROM_SID in scripts/dev/odoo_source.py."
        )
