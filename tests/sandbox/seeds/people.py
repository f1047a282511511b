"""Who works at Nordwerk."""

from __future__ import annotations

from tests.sandbox.world import User

DEPARTMENTS: dict[int, tuple[str, int | None]] = {
    1: ("Nordwerk", None),
    5: ("Sales, projects", 1),
    8: ("Sales, retail", 1),
    9: ("Works", 1),
}


def users() -> dict[int, User]:
    """Anna rules the portal; Boris sells; Clara sells elsewhere and sees only her own deals."""
    people = [
        User(
            1,
            "Anna",
            "Weiss",
            "anna.weiss@nordwerk.example",
            "Office manager",
            "+49 421 3380 10",
            is_admin=True,
            departments=[1],
            templates_modify="X",
        ),
        User(
            7,
            "Boris",
            "Hartmann",
            "boris.hartmann@nordwerk.example",
            "Key account manager",
            "+49 421 3380 27",
            departments=[5],
        ),
        User(
            12,
            "Clara",
            "Sommer",
            "clara.sommer@nordwerk.example",
            "Retail sales",
            "+49 421 3380 42",
            departments=[8],
            reads_deals="own",
        ),
        User(
            22,
            "Mira",
            "Lenz",
            "mira.lenz@nordwerk.example",
            "Project manager",
            "+49 421 3380 33",
            departments=[5, 9],
            templates_modify="D",
        ),
        User(
            23,
            "Tom",
            "Brandt",
            "tom.brandt@nordwerk.example",
            "Site manager",
            "+49 421 3380 35",
            departments=[9],
            documents_modify=False,
            reads_clients=False,
        ),
    ]
    return {user.id: user for user in people}
