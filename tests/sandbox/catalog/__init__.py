"""Inventory management of a portal: stores, products, stock, and the documents that change it.

https://apidocs.bitrix24.com/api-reference/catalog/document/index.html
"""
