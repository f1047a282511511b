"""The companies and people Nordwerk works for."""

from __future__ import annotations

from tests.sandbox.world import Address, Company, Contact, Requisite


def _client(
    number: int,
    name: str,
    address: Address,
    director: str,
    vat_id: str,
    phone: str,
    host: str,
    delivery: Address | None = None,
) -> Company:
    requisite = Requisite(
        number * 10, name, name, name, vat_id, director, "", address, delivery, []
    )
    return Company(
        number,
        name,
        phone=phone,
        email=f"office@{host}",
        web=f"www.{host}",
        address=address,
        requisites=[requisite],
        assigned_by_id=7,
    )


def clients() -> list[Company]:
    """The companies Nordwerk works for. Lindner & Vogt has no delivery address."""
    lindner = _client(
        20,
        "Lindner & Vogt GmbH",
        Address("Neuer Wall 48", "20354", "Hamburg", "Germany"),
        "Dr. Katrin Vogt",
        "DE 268 114 095",
        "+49 40 5560 120",
        "lindner-vogt.example",
    )
    hansa = _client(
        21,
        "Hansa Logistik AG",
        Address("Cuxhavener Straße 7", "28217", "Bremen", "Germany"),
        "Olaf Brinkmann",
        "DE 114 396 220",
        "+49 421 5090 0",
        "hansa-logistik.example",
        Address("Ladestraße 3, gate 2", "28197", "Bremen", "Germany"),
    )
    # A company with two sets of details: the document has to choose one.
    hansa.requisites.append(
        Requisite(
            211,
            "Hansa Logistik, branch Hamburg",
            "Hansa Logistik AG",
            "Hansa Logistik AG, Niederlassung Hamburg",
            "DE 114 396 220",
            "Britta Claussen",
            "",
            Address("Dessauer Ufer 4", "20457", "Hamburg", "Germany"),
        )
    )
    return [
        lindner,
        hansa,
        _client(
            22,
            "Weser-Apotheken eG",
            Address("Am Wall 112", "28195", "Bremen", "Germany"),
            "Ingrid Oltmanns",
            "DE 220 774 816",
            "+49 421 7710 30",
            "weser-apotheken.example",
            Address("Am Wall 112, yard", "28195", "Bremen", "Germany"),
        ),
        _client(
            23,
            "Brook & Partner Rechtsanwälte mbB",
            Address("Am Brooktorkai 20", "20457", "Hamburg", "Germany"),
            "Dr. Jasper Brook",
            "DE 301 552 718",
            "+49 40 8870 44",
            "brook-partner.example",
        ),
        _client(
            24,
            "Norddeutsche Seekabel GmbH",
            Address("Kabelstraße 1", "26954", "Nordenham", "Germany"),
            "Frauke Tjarks",
            "DE 117 209 553",
            "+49 4731 820 0",
            "seekabel.example",
            Address("Kabelstraße 1, hall 6", "26954", "Nordenham", "Germany"),
        ),
        _client(
            25,
            "Buchhandlung Sturm e. K.",
            Address("Ostertorsteinweg 54", "28203", "Bremen", "Germany"),
            "Melanie Sturm",
            "DE 144 870 316",
            "+49 421 7010 18",
            "buch-sturm.example",
        ),
        _client(
            26,
            "Kaffeerösterei Münchhausen",
            Address("Geeren 24", "28195", "Bremen", "Germany"),
            "Paul Münchhausen",
            "DE 290 336 114",
            "+49 421 1210 50",
            "kaffee-m.example",
        ),
    ]


def contacts() -> dict[int, Contact]:
    """People at the clients, and two who buy for themselves."""
    people = [
        Contact(
            30,
            "Katrin",
            "Vogt",
            honorific="Dr.",
            phone="+49 40 5560 121",
            email="k.vogt@lindner-vogt.example",
            post="Managing partner",
            company_id=20,
        ),
        Contact(
            31,
            "Jens",
            "Petersen",
            phone="+49 40 5560 134",
            email="j.petersen@lindner-vogt.example",
            post="Facility manager",
            company_id=20,
        ),
        Contact(
            32,
            "Olaf",
            "Brinkmann",
            phone="+49 421 5090 12",
            email="brinkmann@hansa-logistik.example",
            post="Board member",
            company_id=21,
        ),
        Contact(
            33,
            "Ingrid",
            "Oltmanns",
            phone="+49 421 7710 31",
            email="oltmanns@weser-apotheken.example",
            post="Chairwoman",
            company_id=22,
        ),
        Contact(
            34,
            "Jasper",
            "Brook",
            honorific="Dr.",
            phone="+49 40 8870 45",
            email="brook@brook-partner.example",
            post="Partner",
            company_id=23,
        ),
        Contact(
            35,
            "Frauke",
            "Tjarks",
            phone="+49 4731 820 14",
            email="tjarks@seekabel.example",
            post="Plant manager",
            company_id=24,
        ),
        Contact(
            36,
            "Melanie",
            "Sturm",
            phone="+49 421 7010 18",
            email="sturm@buch-sturm.example",
            post="Owner",
            company_id=25,
        ),
        Contact(
            37,
            "Imke",
            "Ahlers",
            honorific="Dr.",
            phone="+49 421 3341 90",
            email="praxis@ahlers.example",
            post="Dentist",
            requisites=[
                Requisite(
                    370,
                    "Dr. Imke Ahlers",
                    "Zahnarztpraxis Dr. Ahlers",
                    "Zahnarztpraxis Dr. Imke Ahlers",
                    "",
                    "Dr. Imke Ahlers",
                    "",
                    Address("Schwachhauser Heerstraße 63", "28211", "Bremen", "Germany"),
                )
            ],
        ),
        Contact(
            38,
            "Tarek",
            "Haddad",
            phone="+49 172 5550 118",
            email="t.haddad@post.example",
            post="",
        ),
    ]
    return {contact.id: contact for contact in people}
