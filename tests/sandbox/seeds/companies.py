"""Nordwerk's own companies and their pictures."""

from __future__ import annotations

from tests.sandbox.seeds import pictures
from tests.sandbox.world import Address, BankDetail, Company, Requisite

INNENAUSBAU, SERVICE = 4, 6
FOLDER = "/upload/crm/"


def nordwerk_pictures() -> dict[str, tuple[str, bytes]]:
    """What lies below /upload/. The works' director has signed, the service company's has not."""
    drawn = {
        "nordwerk-logo.png": pictures.logo("Nordwerk", "#d9582b"),
        "nordwerk-stamp.png": pictures.stamp(
            "NORDWERK INNENAUSBAU GMBH · BREMEN · ", ("HRB 31877", "Bremen")
        ),
        "service-logo.png": pictures.logo("Nordwerk Service", "#2b8a78"),
        "service-stamp.png": pictures.stamp(
            "NORDWERK SERVICE GMBH · BREMEN · ", ("HRB 33104", "Bremen")
        ),
        "service-director.png": pictures.signature(8),
    }
    return {FOLDER + name: ("image/png", body) for name, body in drawn.items()}


def own_companies() -> list[Company]:
    """Two, so that a document has to say which of them makes it."""
    return [
        Company(
            INNENAUSBAU,
            "Nordwerk Innenausbau GmbH",
            is_my_company=True,
            phone="+49 421 3380 0",
            email="info@nordwerk.example",
            web="www.nordwerk.example",
            address=Address("Hafenstraße 12", "28217", "Bremen", "Germany"),
            requisites=[
                Requisite(
                    41,
                    "Nordwerk Innenausbau GmbH",
                    "Nordwerk Innenausbau GmbH",
                    "Nordwerk Innenausbau GmbH, HRB 31877, Amtsgericht Bremen",
                    "DE 311 204 887",
                    "Henrik Wessel",
                    "Petra Lohmann",
                    Address("Hafenstraße 12", "28217", "Bremen", "Germany"),
                    bank_details=[
                        BankDetail(
                            411,
                            "Sparkasse Bremen",
                            "Sparkasse Bremen",
                            "DE21 2905 0101 0081 4402 19",
                            "SBREDE22XXX",
                        ),
                        BankDetail(
                            412,
                            "Commerzbank, retentions",
                            "Commerzbank Bremen",
                            "DE64 2904 0090 0107 2255 00",
                            "COBADEFFXXX",
                        ),
                    ],
                )
            ],
            logo=f"{FOLDER}nordwerk-logo.png",
            stamp=f"{FOLDER}nordwerk-stamp.png",
        ),
        Company(
            SERVICE,
            "Nordwerk Service GmbH",
            is_my_company=True,
            phone="+49 421 3380 60",
            email="service@nordwerk.example",
            web="service.nordwerk.example",
            address=Address("Hafenstraße 14", "28217", "Bremen", "Germany"),
            requisites=[
                Requisite(
                    61,
                    "Nordwerk Service GmbH",
                    "Nordwerk Service GmbH",
                    "Nordwerk Service GmbH, HRB 33104, Amtsgericht Bremen",
                    "DE 318 557 402",
                    "Sabine Wessel",
                    "Petra Lohmann",
                    Address("Hafenstraße 14", "28217", "Bremen", "Germany"),
                    bank_details=[
                        BankDetail(
                            611,
                            "Volksbank Bremen-Nord",
                            "Volksbank Bremen-Nord",
                            "DE90 2919 0330 0044 8120 01",
                            "GENODEF1HB2",
                        )
                    ],
                )
            ],
            logo=f"{FOLDER}service-logo.png",
            stamp=f"{FOLDER}service-stamp.png",
            director_sign=f"{FOLDER}service-director.png",
        ),
    ]
