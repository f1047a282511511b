"""Bitrix24 over HTTP: calls, answers, errors, launches and events. No Django, no database.

Read in this order: ``errors`` (what can go wrong and what it means), ``encoding`` and ``protocol``
(what goes over the wire, without a wire), ``client`` (what is left: send, wait, repeat), then the
calls themselves in ``documentgenerator``, ``crm`` and ``setup``.
"""
