"""The rows Docket keeps; one model a file."""

from b24app.models.capture_order import CaptureOrder
from b24app.models.download_ticket import DownloadTicket
from b24app.models.drift_report import DriftReport
from b24app.models.errand import Errand
from b24app.models.frame_session import FrameSession
from b24app.models.history_entry import HistoryEntry
from b24app.models.inbound_event import InboundEvent
from b24app.models.intent import Intent
from b24app.models.issued_document import IssuedDocument
from b24app.models.job import Job
from b24app.models.person import Person
from b24app.models.portal import Portal
from b24app.models.portal_pause import PortalPause
from b24app.models.portal_settings import PortalSettings
from b24app.models.public_link import PublicLink
from b24app.models.reconcile_cursor import ReconcileCursor
from b24app.models.reconnect_state import ReconnectState
from b24app.models.rest_call import RestCall
from b24app.models.security_event import SecurityEvent
from b24app.models.snapshot import Snapshot
from b24app.models.snapshot_file import SnapshotFile
from b24app.models.template_addition import TemplateAddition
from b24app.models.template_catalogue import TemplateCatalogue
from b24app.models.template_file import TemplateFile
from b24app.models.token_chain import TokenChain

__all__ = [
    "CaptureOrder",
    "DownloadTicket",
    "DriftReport",
    "Errand",
    "FrameSession",
    "HistoryEntry",
    "InboundEvent",
    "Intent",
    "IssuedDocument",
    "Job",
    "Person",
    "Portal",
    "PortalPause",
    "PortalSettings",
    "PublicLink",
    "ReconcileCursor",
    "ReconnectState",
    "RestCall",
    "SecurityEvent",
    "Snapshot",
    "SnapshotFile",
    "TemplateAddition",
    "TemplateCatalogue",
    "TemplateFile",
    "TokenChain",
]
