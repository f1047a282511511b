"""`catalog.document.*`, `catalog.store.*` and what belongs to them.

https://apidocs.bitrix24.com/api-reference/catalog/document/index.html
"""
