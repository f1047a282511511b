"""Answers as the documentation shows them, as far as our calls read them."""

from typing import Any

PORTAL = "https://portal.example"
AJAX = f"{PORTAL}/bitrix/services/main/ajax.php?action=crm.documentgenerator.document"
REST = f"{PORTAL}/rest/crm.documentgenerator.document"

ADDED: dict[str, Any] = {
    "changeStampsEnabled": False,
    "changeStampsDisabledReason": "No seals or signatures<br/>in the template",
    "changeQrCodeEnabled": False,
    "products": {"currencyId": "EUR", "totalSum": "1200.00", "totalRows": 2},
    "downloadUrl": f"{AJAX}.download&id=101",
    "downloadUrlMachine": f"{REST}.download.json?auth=t&token=s",
    "publicUrl": None,
    "title": "Offer 7",
    "number": "7",
    "id": 101,
    "createTime": "2026-03-18T11:19:04+03:00",
    "createdBy": 7,
    "updateTime": "2026-03-18T11:19:04+03:00",
    "updatedBy": None,
    "stampsEnabled": False,
    "isTransformationError": False,
    "values": {"productsTableVariant": "", "_creationMethod": "rest", "stampsEnabled": False},
    "templateId": "39",
    "pullTag": "TRANSFORMDOCUMENT101",
    "entityId": "501",
    "entityTypeId": "2",
}

READ: dict[str, Any] = {
    **ADDED,
    "id": "101",
    "createdBy": "7",
    "updatedBy": "8",
    "changeStampsEnabled": True,
    "stampsEnabled": True,
    "pdfUrl": f"{AJAX}.getPdf&id=101",
    "pdfUrlMachine": f"{REST}.getPdf.json?auth=t&token=s",
    "imageUrl": f"{AJAX}.getImage&id=101",
    "imageUrlMachine": f"{REST}.getImage.json?auth=t&token=s",
    "publicUrl": f"{PORTAL}/~71q5j",
    "publicUrlView": {"time": "2026-03-19T09:00:00+03:00"},
}

LISTED: dict[str, Any] = {
    "id": "101",
    "title": "Offer 7",
    "number": "7",
    "templateId": "39",
    "fileId": "900",
    "imageId": None,
    "pdfId": None,
    "createTime": "2026-03-18T11:19:04+03:00",
    "updateTime": "2026-03-18T11:19:04+03:00",
    "createdBy": "7",
    "updatedBy": None,
    "values": [],
    "stampsEnabled": False,
    "downloadUrl": f"{AJAX}.download&id=101",
    "pdfUrl": f"{AJAX}.getPdf&id=101",
    "imageUrl": f"{AJAX}.getImage&id=101",
    "entityId": "501",
    "entityTypeId": "2",
}

FIELDS: dict[str, Any] = {
    "DocumentNumber": {
        "title": "Number",
        "value": "2026-001",
        "required": "Y",
        "group": ["Document"],
        "chain": "this.DOCUMENT.DOCUMENT_NUMBER",
        "default": "2026-001",
    },
    "DocumentTitle": {
        "title": "Document name",
        "value": "Offer 7",
        "required": "Y",
        "group": ["Document"],
        "chain": [{}, "getTitle"],
        "default": "Offer 7",
    },
    "DocumentCreateTime": {
        "title": "Generation date",
        "value": "2026-03-18T00:00:00+03:00",
        "type": "DATE",
        "format": {"format": "d.m.Y"},
        "group": ["Document"],
        "chain": "this.DOCUMENT.DOCUMENT_CREATE_TIME",
        "default": "2026-03-18T00:00:00+03:00",
    },
    "TotalSum": {
        "title": "Total amount",
        "value": 1200,
        "type": "Bitrix\\Crm\\Integration\\DocumentGenerator\\Value\\Money",
        "format": {"currencyId": "EUR", "withZeros": True},
        "group": ["Document", "Totals"],
        "chain": "this.SOURCE.TOTAL_SUM",
        "default": 1000.5,
    },
    "MyCompanyUfLogo": {
        "title": "Logo",
        "value": None,
        "type": "IMAGE",
        "group": ["Document", "My Company"],
        "chain": "this.SOURCE.MY_COMPANY.UF_LOGO",
        "default": None,
    },
    "ProductsProductName": {
        "title": "Name",
        "value": "PRODUCTS.PRODUCT.NAME",
        "options": {"isArray": True},
        "group": ["Document", "Products"],
        "chain": "this.SOURCE.PRODUCTS.PRODUCT.NAME",
        "default": None,
    },
    "TaxesTaxTitle": {
        "title": "Heading",
        "value": [],
        "options": {"isArray": True},
        "hideRow": "Y",
        "group": [],
        "format": [],
        "chain": "",
    },
    "MY_COMPANY": {
        "title": "My Company",
        "value": [
            {"value": "340", "title": "Wheel of Fortune", "selected": True},
            {"value": 358, "title": "Development", "selected": False},
        ],
        "group": ["Document", "My Company"],
    },
    "REQUISITE": {
        "title": "Details",
        "value": {
            "12": {"value": "12", "title": "GmbH", "selected": " "},
            "13": {"value": "13", "title": "AG", "selected": 1},
        },
        "group": ["Document"],
    },
}

TEMPLATE: dict[str, Any] = {
    "id": "39",
    "name": "Offer",
    "region": "de",
    "sort": "500",
    "active": "Y",
    "isDeleted": "N",
    "withStamps": "N",
    "numeratorId": "4",
    "moduleId": "crm",
    "entityTypeId": ["2_category_0", "2_category_32"],
    "users": ["UA"],
    "updateTime": "2026-03-18T11:19:04+03:00",
}

SEQUENCE = {
    "start": 1,
    "step": 1,
    "periodicBy": "year",
    "timezone": "",
    "isDirectNumeration": False,
}
NUMERATOR: dict[str, Any] = {
    "name": "Offers",
    "template": "{NUMBER}",
    "id": "4",
    "code": None,
    "settings": {"Bitrix_Main_Numerator_Generator_SequentNumberGenerator": SEQUENCE},
}

DEAL: dict[str, Any] = {
    "id": 501,
    "title": "Pumps for the Elbe works",
    "categoryId": 0,
    "stageId": "NEW",
    "opportunity": 999.9,
    "currencyId": "EUR",
    "companyId": 12,
    "contactId": 0,
    "contactIds": [31, "32"],
    "mycompanyId": 0,
    "assignedById": 7,
    "updatedTime": "2026-03-18T11:19:04+03:00",
    "ufCrm_1720019876534": "321",
    "entityTypeId": 2,
}

PRODUCT_ROW: dict[str, Any] = {
    "id": 17649,
    "ownerId": 501,
    "ownerType": "D",
    "productId": 9621,
    "productName": "Pump P3",
    "price": 90000,
    "quantity": 1.5,
    "discountRate": 10,
    "discountSum": 9090.91,
    "taxRate": None,
    "taxIncluded": "Y",
    "measureName": "pcs",
    "sort": 20,
}

COMMENT: dict[str, Any] = {
    "ID": "999",
    "ENTITY_ID": "501",
    "ENTITY_TYPE": "deal",
    "CREATED": "2026-03-18T11:19:04+03:00",
    "COMMENT": "The PDF is ready\nReference: 0a1b2c3d4e",
    "AUTHOR_ID": "7",
    "FILES": {"1": {"id": 1, "type": "file", "name": "Offer 7.pdf", "size": 43}},
}

ACTIVITY: dict[str, Any] = {
    "ID": "3165",
    "OWNER_ID": "501",
    "OWNER_TYPE_ID": "2",
    "TYPE_ID": "4",
    "SUBJECT": "Offer 7",
    "ORIGINATOR_ID": "docket",
    "ORIGIN_ID": "0a1b2c3d4e",
}

PHONE_AND_EMAILS: list[dict[str, Any]] = [
    {"id": 101, "valueType": "WORK", "value": "+6111111111", "typeId": "PHONE"},
    {"id": 102, "valueType": "WORK", "value": "admin@example.com", "typeId": "EMAIL"},
    {"id": 103, "valueType": "HOME", "value": " k@example.com ", "typeId": "EMAIL"},
    {"id": 104, "valueType": "OTHER", "value": "admin@example.com", "typeId": "EMAIL"},
    {"id": 105, "valueType": "OTHER", "value": "", "typeId": "EMAIL"},
]
