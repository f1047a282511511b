"""The document generator's answers, read from the documentation's samples."""

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from b24app.bitrix import documentgenerator as generator
from b24app.bitrix.errors import UnexpectedAnswer
from b24app.bitrix.protocol import Answer, Command, Kind
from tests.unit.bitrix import samples


def _read(command: Command[Any], result: object, **beside: Any) -> Any:
    return command.read(Answer(result, **beside))


def test_a_document_just_made() -> None:
    command = generator.add_document(39, 2, 501, {"Title": "Pumps"}, stamps=True)
    assert (command.method, command.kind) == ("crm.documentgenerator.document.add", Kind.CREATE)
    assert command.params == {
        "templateId": 39,
        "entityTypeId": 2,
        "entityId": 501,
        "stampsEnabled": 1,
        "values": {"Title": "Pumps"},
    }
    document = _read(command, {"document": samples.ADDED})
    assert (document.id, document.template_id, document.entity_id) == (101, 39, 501)
    assert (document.created_by, document.updated_by) == (7, None)
    assert document.create_time == datetime(2026, 3, 18, 8, 19, 4, tzinfo=UTC)
    assert document.products == generator.Products("EUR", Decimal("1200.00"), 2)
    assert document.change_stamps_enabled is False
    assert document.change_stamps_reason.startswith("No seals")
    assert (document.pdf_url, document.pdf_machine) == ("", None)
    assert (document.public_url, document.public_viewed) == (None, None)
    assert document.download_machine is not None


def test_a_document_read_later() -> None:
    document = _read(generator.get_document(101), {"document": samples.READ})
    assert (document.id, document.created_by, document.updated_by) == (101, 7, 8)
    assert document.stamps_enabled is True
    assert document.public_url == "https://portal.example/~71q5j"
    assert document.public_viewed == datetime(2026, 3, 19, 6, 0, tzinfo=UTC)
    assert document.pdf_machine.reveal().endswith("getPdf.json?auth=t&token=s")


def test_a_document_whose_conversion_failed() -> None:
    row = {
        **samples.ADDED,
        "isTransformationError": True,
        "transformationErrorMessage": "Beschädigt",
        "transformationErrorCode": 103,
    }
    document = _read(generator.get_document(101), {"document": row})
    assert document.is_transformation_error is True
    assert document.transformation_error == "Beschädigt"
    assert document.transformation_error_code == "103"


@pytest.mark.parametrize(
    "key",
    [
        "changeStampsEnabled",
        "products",
        "publicUrl",
        "isTransformationError",
        "values",
        "updateTime",
    ],
)
def test_a_document_of_another_build_is_read_without_its_optional_parts(key: str) -> None:
    row = {name: value for name, value in samples.READ.items() if name != key}
    assert _read(generator.get_document(101), {"document": row}).id == 101


@pytest.mark.parametrize(
    "result",
    [None, [], {}, {"document": []}, {"document": {**samples.READ, "id": "x"}}, {"document": 1}],
)
def test_what_is_no_document_is_an_unexpected_answer(result: object) -> None:
    with pytest.raises(UnexpectedAnswer) as raised:
        _read(generator.get_document(101), result)
    assert raised.value.method == "crm.documentgenerator.document.get"


def test_an_update_says_its_stamps_and_removes_overrides() -> None:
    command = generator.update_document(101, {"Title": None}, stamps=False)
    assert command.kind is Kind.SET
    assert command.params == {"id": 101, "stampsEnabled": 0, "values": {"Title": None}}
    assert _read(command, {"document": {**samples.READ, "createdBy": None}}).created_by is None


def test_the_documents_of_a_deal_newest_first() -> None:
    command = generator.list_documents(
        entity_type_id=2, entity_id=501, start=50, extra_filter={"entityTypeId": 4, "templateId": 3}
    )
    assert command.params == {
        "select": ["*"],
        "filter": {"entityTypeId": 2, "entityId": 501, "templateId": 3},
        "order": {"id": "DESC"},
        "start": 50,
    }
    done = {**samples.LISTED, "id": "102", "pdfId": "287", "imageId": "285", "values": None}
    page = _read(command, {"documents": [samples.LISTED, done]}, next=100, total=120)
    assert [row.id for row in page.items] == [101, 102]
    assert [(row.has_pdf, row.has_image) for row in page.items] == [(False, False), (True, True)]
    assert (page.next, page.total) == (100, 120)


def test_documents_by_id_are_listed_without_asking_for_conversion() -> None:
    command = generator.list_documents_by_id([101, 102], entity_type_id=2)
    assert command.method.endswith(".list")
    assert command.params["filter"] == {"entityTypeId": 2, "@id": [101, 102]}
    with pytest.raises(ValueError, match="50"):
        generator.list_documents_by_id(range(51), entity_type_id=2)


@pytest.mark.parametrize(
    ("answer", "url"), [("https://p.example/~x", "https://p.example/~x"), (None, None)]
)
def test_the_public_link(answer: object, url: str | None) -> None:
    command = generator.enable_public_url(101, on=url is not None)
    assert command.params == {"id": 101, "status": int(url is not None)}
    assert _read(command, {"publicUrl": answer}) == url


def test_deletions_answer_null() -> None:
    assert _read(generator.delete_document(101), None) is None
    assert _read(generator.delete_template(39), None) is None
    assert _read(generator.delete_numerator(4), None) is None


def test_an_upload_carries_its_files() -> None:
    command = generator.upload_document(
        entity_type_id=2,
        entity_id=501,
        title="Contract",
        number="C-1",
        region="de",
        content=b"docx",
        pdf=b"%PDF",
    )
    fields = command.params["fields"]
    assert isinstance(fields, dict)
    assert base64.b64decode(fields["fileContent"]) == b"docx"
    assert base64.b64decode(fields["pdfContent"]) == b"%PDF"
    assert "imageContent" not in fields
    assert command.kind is Kind.CREATE


def _fields() -> dict[str, generator.DocumentField]:
    assert generator.template_fields(39, 2).params == {"id": 39, "entityTypeId": 2}
    command = generator.template_fields(39, 2, 501)
    assert "values" not in command.params
    fields = _read(command, {"templateFields": samples.FIELDS})
    return {field.code: field for field in fields}


def test_fields_keep_their_order() -> None:
    assert list(_fields()) == list(samples.FIELDS)


def test_plain_fields_have_text_and_a_path() -> None:
    number, title = _fields()["DocumentNumber"], _fields()["DocumentTitle"]
    assert (number.value, number.default, number.required) == ("2026-001", "2026-001", True)
    assert (number.type, number.group) == ("", ("Document",))
    assert number.chain == ("this", "DOCUMENT", "DOCUMENT_NUMBER")
    assert title.chain == ("getTitle",)
    assert (number.is_select, number.is_array, number.hide_row) == (False, False, False)


def test_types_are_the_last_part_of_the_portals() -> None:
    fields = _fields()
    assert fields["DocumentCreateTime"].type == "date"
    assert fields["DocumentCreateTime"].format == {"format": "d.m.Y"}
    assert fields["MyCompanyUfLogo"].type == "image"
    assert fields["TotalSum"].type == "money"
    assert (fields["TotalSum"].value, fields["TotalSum"].default) == ("1200", "1000.5")


def test_nothing_found_is_none() -> None:
    logo = _fields()["MyCompanyUfLogo"]
    assert (logo.value, logo.default) == (None, None)


def test_columns_are_no_data() -> None:
    fields = _fields()
    assert fields["ProductsProductName"].is_array is True
    taxes = fields["TaxesTaxTitle"]
    assert (taxes.is_array, taxes.hide_row, taxes.value, taxes.chain) == (True, True, "", ())
    assert taxes.is_select is False


def test_selects_offer_choices_however_they_are_written() -> None:
    company, details = _fields()["MY_COMPANY"], _fields()["REQUISITE"]
    assert company.is_select is True
    assert company.value == "340"
    assert company.choices[1] == generator.Choice("358", "Development", selected=False)
    assert details.value == "13"
    assert [choice.selected for choice in details.choices] == [False, True]


def test_a_document_without_fields() -> None:
    command = generator.document_fields(101, {"Title": "x"})
    assert command.params == {"id": 101, "values": {"Title": "x"}}
    assert _read(command, {"documentFields": []}) == ()


def test_templates_come_keyed_by_id() -> None:
    command = generator.list_templates()
    assert command.params == {"select": ["*", "entityTypeId", "users"], "start": 0}
    bare = {"id": 40, "name": "Act", "active": "N", "isDeleted": "Y", "withStamps": "Y"}
    page = _read(command, {"templates": {"39": samples.TEMPLATE, "40": bare}}, total=2)
    offer, act = page.items
    assert offer == generator.DocumentTemplate(
        id=39,
        name="Offer",
        region="de",
        active=True,
        is_deleted=False,
        with_stamps=False,
        numerator_id=4,
        sort=500,
        entity_types=("2_category_0", "2_category_32"),
        users=("UA",),
        update_time=datetime(2026, 3, 18, 8, 19, 4, tzinfo=UTC),
    )
    assert (act.active, act.is_deleted, act.with_stamps) == (False, True, True)
    assert (act.users, act.entity_types, act.numerator_id) == ((), (), None)
    assert _read(command, {"templates": []}).items == ()


def test_a_single_templates_users_are_an_object() -> None:
    row = {**samples.TEMPLATE, "users": {"UA": "UA", "D3": "D3"}}
    assert _read(generator.get_template(39), {"template": row}).users == ("UA", "D3")


def test_a_new_template_says_who_may_use_it() -> None:
    command = generator.add_template(
        name="Offer",
        file_name="offer.docx",
        content=b"docx",
        numerator_id=4,
        region="de",
        entity_types=("2_category_0",),
        users=("UA",),
    )
    assert command.params["fields"] == {
        "name": "Offer",
        "file": ["offer.docx", base64.b64encode(b"docx").decode()],
        "numeratorId": 4,
        "region": "de",
        "entityTypeId": ["2_category_0"],
        "users": ["UA"],
        "active": "Y",
        "withStamps": "N",
        "sort": 500,
    }


def test_a_changed_template_says_only_what_changes() -> None:
    command = generator.update_template(39, active=False, sort=10)
    assert command.params == {"id": 39, "fields": {"active": "N", "sort": 10}}
    assert _read(command, {"template": samples.TEMPLATE}).id == 39


@pytest.mark.parametrize(
    ("command", "result"),
    [
        (generator.get_numerator(4), {"numerator": samples.NUMERATOR}),
        (
            generator.add_numerator("Offers", "{NUMBER}", {}),
            {"numerator": {**samples.NUMERATOR, "id": 4}},
        ),
        (generator.update_numerator(4, "Offers", "{NUMBER}", {}), samples.NUMERATOR),
    ],
)
def test_a_numerator_comes_nested_or_flat(command: Command[Any], result: object) -> None:
    numerator = _read(command, result)
    assert (numerator.id, numerator.name, numerator.template) == (4, "Offers", "{NUMBER}")
    assert numerator.settings == samples.NUMERATOR["settings"]


def test_numerators_have_two_names() -> None:
    assert generator.get_numerator(4).method == "crm.documentgenerator.numerator.get"
    other = generator.delete_numerator(4, prefix="documentgenerator")
    assert other.method == "documentgenerator.numerator.delete"


def test_a_full_page_of_numerators_has_a_next_one() -> None:
    command = generator.list_numerators(50)
    full = {"numerators": [samples.NUMERATOR] * 50}
    assert _read(command, full, total=50).next == 100
    assert _read(command, {"numerators": [samples.NUMERATOR]}, total=1).next is None
    assert _read(command, {"numerators": []}, total=0).next is None
