"""Logo, stamp and signatures of our own company, and pictures by their address."""

from __future__ import annotations

from tests.sandbox.generator.field import Field
from tests.sandbox.generator.providers.basics import Group
from tests.sandbox.generator.values import IMAGE, STAMP, Picture
from tests.sandbox.world import Company, Portal


def picture(portal: Portal, path: str) -> Picture | None:
    """A picture of the portal by its path or absolute address; "" gives None.

    The sandbox fetches nothing from outside: a foreign address is kept and shown, but prints
    nothing.
    """
    if not path:
        return None
    local = path.removeprefix(portal.origin)
    _, body = portal.pictures.get(local, ("", b""))
    return Picture(path if "://" in path else f"{portal.origin}{path}", body)


def own_pictures(portal: Portal, company: Company | None, group: Group) -> list[Field]:
    """The pictures of the company and those its details repeat."""
    stamp, director = company and company.stamp, company and company.director_sign
    accountant = company and company.accountant_sign
    known = [
        ("UF_LOGO", "Logo", company and company.logo, IMAGE),
        ("UF_STAMP", "Stamp", stamp, STAMP),
        ("UF_DIRECTOR_SIGN", "Director's signature", director, STAMP),
        ("UF_ACCOUNTANT_SIGN", "Accountant's signature", accountant, STAMP),
        ("REQUISITE.RQ_STAMP", "Stamp", stamp, STAMP),
        ("REQUISITE.RQ_SIGNATURE", "Signature", director, STAMP),
    ]
    return [
        Field(f"MY_COMPANY.{key}", title, group, picture(portal, path or ""), type=kind)
        for key, title, path, kind in known
    ]
