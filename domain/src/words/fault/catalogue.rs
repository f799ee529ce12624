//! The catalogue of fault codes, one per line.
//!
//! To add an error, add a line to its section: the variant, the stable text, the kind, and how much of it is visible outside the
//! operator's log ([`Shown`]). Use it as `Fault::of(Code::HeldNothing)`. With `Own(status, title)` it becomes a new problem type of
//! the API. List that type in `infra/openapi.yaml` under `x-problem-types`, which a test compares with this table, and its status among
//! the `responses` of each operation that answers it. The codes of connectors and of calls to AWS have tables of their own in
//! `family.rs`. A new code is spelled `subject.what_is_wrong`.
//!
//! The text is stored in rows and events, and returned to clients, so it never changes. The name of a variant may change. The kind
//! is the default. A caller that knows better overrides it with [`Fault::with_kind`](super::Fault::with_kind): a missing
//! integration is `Permanent` for a request, and `Fenced` for a slice that worked on it.

use std::borrow::Cow;

use super::{
    AwsCode, CrmCode,
    Kind::{self, Fenced, Permanent, Revoked, Transient},
    ProblemType,
    Shown::{self, Internal, Own, Reported, Shared},
};

macro_rules! catalogue {
    ($($name:ident = $text:literal, $kind:expr, $shown:expr;)*) => {
        /// The code of a fault.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`")] $name,)*
            /// A fault of a connector: the provider's name and the specific code.
            Crm(&'static str, CrmCode),
            /// A fault of a call to AWS: the call and the specific code.
            Aws(Cow<'static, str>, AwsCode),
            /// A stored code that this version does not know.
            Unknown(Box<str>),
        }

        impl Code {
            /// All codes of the catalogue, without those of the two families.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            pub(super) fn entry(&self) -> Option<(&'static str, Kind, Shown)> {
                match self {
                    $(Self::$name => Some(($text, $kind, $shown)),)*
                    Self::Crm(..) | Self::Aws(..) | Self::Unknown(_) => None,
                }
            }
        }
    };
}

catalogue! {
    // Integrations and their lifecycle.
    IntegrationChangedMeanwhile = "integration.changed_meanwhile", Transient, Shared(ProblemType::CHANGED_MEANWHILE);
    IntegrationConnectedAlready = "integration.connected_already", Permanent, Own(409, "The integration is already connected");
    IntegrationMalformed = "integration.malformed", Permanent, Shared(ProblemType::NOT_FOUND);
    IntegrationNeedsReconnect = "integration.needs_reconnect", Revoked, Reported;
    IntegrationNotConnected = "integration.not_connected", Permanent, Own(409, "The integration is not connected");
    IntegrationNotShown = "integration.not_shown", Fenced, Own(409, "The integration may not be shown");
    IntegrationOtherGeneration = "integration.other_generation", Fenced, Own(409, "The integration has been connected again since");
    IntegrationOtherOrganisation = "integration.other_organisation", Permanent, Own(409, "The integration belongs to another organisation");
    IntegrationRemoved = "integration.removed", Permanent, Own(410, "The integration was removed");
    IntegrationRemoving = "integration.removing", Permanent, Own(409, "The integration is being removed");
    IntegrationStatusUnknown = "integration.status_unknown", Permanent, Internal;
    IntegrationUnknown = "integration.unknown", Permanent, Shared(ProblemType::NOT_FOUND);
    TenantEndContended = "tenant.end_contended", Transient, Reported;
    TenantEnded = "tenant.ended", Permanent, Own(403, "The tenant has ended");
    TenantMalformed = "tenant.malformed", Permanent, Own(422, "This is not the id of a tenant");
    TenantNotConfirmed = "tenant.not_confirmed", Permanent, Own(422, "The tenant is not confirmed by its id");
    TenantNotEmpty = "tenant.not_empty", Transient, Reported;
    TenantUnknown = "tenant.unknown", Permanent, Shared(ProblemType::NOT_FOUND);
    ProviderNotSetUp = "provider.not_set_up", Permanent, Own(422, "The operator has not set up this provider");
    ProviderUnknown = "provider.unknown", Permanent, Own(422, "There is no connector for this provider");
    SettingsChangedMeanwhile = "settings.changed_meanwhile", Permanent, Shared(ProblemType::PRECONDITION_FAILED);
    SettingsUnfit = "settings.unfit", Permanent, Own(422, "A setting is invalid");
    FieldMalformed = "field.malformed", Permanent, Own(422, "This is not the name of a field");

    // Consents and grants.
    CodeRefused = "code.refused", Permanent, Own(422, "The CRM refused the authorization code");
    CredentialsMalformed = "credentials.malformed", Revoked, Reported;
    CredentialsUnreadable = "credentials.unreadable", Revoked, Reported;
    EnvironmentRefused = "environment.refused", Permanent, Own(422, "This environment is not allowed");
    LoginRefused = "login.refused", Permanent, Own(422, "This login URL is not allowed");
    OrganisationUnknown = "organisation.unknown", Permanent, Own(422, "The CRM does not say which organisation this is");
    RenewalNotOurs = "renewal.not_ours", Fenced, Own(409, "Another process renews the grant");
    StateUnknown = "state.unknown", Permanent, Own(422, "No consent was begun with this state, or it has expired");

    // A tenant's allowance.
    AllowanceContended = "allowance.contended", Transient, Reported;
    AllowanceMalformed = "allowance.malformed", Permanent, Reported;
    AllowanceUsedUp = "allowance.used_up", Permanent, Own(429, "The tenant's allowance is used up");

    // Runs.
    CursorNoWindow = "cursor.no_window", Permanent, Internal;
    CursorUnwritable = "cursor.unwritable", Permanent, Internal;
    CrmReserveReached = "crm.reserve_reached", Transient, Reported;
    CrmShareUsedUp = "crm.share_used_up", Transient, Reported;
    CrmSilent = "crm.silent", Transient, Reported;
    CrmTokenLostAgainAndAgain = "crm.token_lost_again_and_again", Transient, Reported;
    LeaseLost = "lease.lost", Fenced, Own(409, "Another slice holds the lease");
    LeaseNotOurs = "lease.not_ours", Fenced, Own(409, "Another slice holds the lease");
    RunMalformed = "run.malformed", Permanent, Shared(ProblemType::NOT_FOUND);
    RunUnknown = "run.unknown", Permanent, Shared(ProblemType::NOT_FOUND);
    SyncEveryObjectFailed = "sync.every_object_failed", Permanent, Reported;
    SyncNoProgress = "sync.no_progress", Permanent, Reported;
    HeldDecisionUnknown = "held.decision_unknown", Permanent, Reported;
    HeldNothing = "held.nothing", Permanent, Own(409, "No deletions are held back");
    HeldOtherRun = "held.other_run", Permanent, Own(409, "A later run held back more; look at that run first");
    HeldRunOpen = "held.run_open", Permanent, Own(409, "The run has not ended and may hold back more");

    // Records, lists and relations.
    CompaniesTooMany = "companies_too_many", Permanent, Own(422, "Too many companies were requested");
    CursorRefused = "cursor_refused", Permanent, Own(422, "The cursor does not belong to this list");
    FilterMissing = "filter_missing", Permanent, Own(422, "A filter is missing");
    ObjectUnknown = "object.unknown", Permanent, Own(422, "There is no such object");
    RecordChangedMeanwhile = "record.changed_meanwhile", Transient, Reported;
    RecordIdMalformed = "record.id_malformed", Permanent, Shared(ProblemType::NOT_FOUND);
    RecordIdMisspelt = "record.id_misspelt", Permanent, Own(400, "This is not an id of this CRM");
    RecordUnknown = "record.unknown", Permanent, Shared(ProblemType::NOT_FOUND);
    RecordUnreadable = "record.unreadable", Permanent, Reported;
    RecordVanished = "record.vanished", Permanent, Own(404, "The record was deleted in the CRM");
    RecordWithheld = "record.withheld", Permanent, Own(404, "The record exists but is not shown");
    RelationChangedMeanwhile = "relation.changed_meanwhile", Transient, Reported;
    RelationTooManyDecisions = "relation.too_many_decisions", Permanent, Own(422, "There are too many decisions about this record's relations");
    RelationOfNoCompany = "relation_of_no_company", Permanent, Own(422, "Records of this object have no company");

    // Creating.
    CreateContended = "create.contended", Transient, Reported;
    CreateInProgress = "create.in_progress", Transient, Reported;
    CreateInterrupted = "create.interrupted", Transient, Reported;
    CreateKeyReused = "create.key_reused", Permanent, Own(422, "Another request used this idempotency key");
    CreateNested = "create.nested", Permanent, Internal;
    CreateNotCleared = "create.not_cleared", Permanent, Internal;
    CreateOvertaken = "create.overtaken", Transient, Reported;
    CreateSize = "create.size", Permanent, Own(422, "Too few or too many records");
    CreateTooLarge = "create.too_large", Permanent, Shared(ProblemType::TOO_LARGE);
    CreateUnwritable = "create.unwritable", Permanent, Internal;

    // Assessments, objections and people.
    AssessmentContended = "assessment.contended", Transient, Reported;
    AssessmentIncomplete = "assessment.incomplete", Permanent, Own(422, "The assessment is incomplete");
    AssessmentUnwritable = "assessment.unwritable", Permanent, Internal;
    ControllerPartMisfits = "controller.part_misfits", Permanent, Own(422, "A part of the controller's statement is invalid");
    ControllerUnwritable = "controller.unwritable", Permanent, Internal;
    SuppressionsContended = "suppressions.contended", Transient, Reported;
    ObjectionUnwritable = "objection.unwritable", Permanent, Internal;
    PersonEmailMalformed = "person.email_malformed", Permanent, Own(422, "This is not an e-mail address");
    PersonPhoneMalformed = "person.phone_malformed", Permanent, Own(422, "This is not a telephone number");
    PersonTooLong = "person.too_long", Permanent, Own(422, "An entry about the person is too long");
    PersonUnidentified = "person.unidentified", Permanent, Own(422, "These entries do not identify a person");
    PurposeMalformed = "purpose.malformed", Permanent, Own(422, "This is not the name of a purpose");
    TemplateContended = "template.contended", Transient, Reported;
    TemplateUnknown = "template.unknown", Permanent, Own(422, "This version of the template does not exist");
    TemplateUnwritable = "template.unwritable", Permanent, Internal;

    // Exports.
    ExportLeaseLost = "export.lease_lost", Fenced, Own(409, "Another slice holds the export's lease");
    ExportMalformed = "export.malformed", Permanent, Own(422, "This is not the id of an export");
    ExportNoProgress = "export.no_progress", Permanent, Reported;
    ExportPartsDiffer = "export.parts_differ", Permanent, Reported;
    ExportUnknown = "export.unknown", Fenced, Own(409, "The export does not exist");
    ExportUnwritable = "export.unwritable", Permanent, Internal;
    ExportUploadGone = "export.upload_gone", Permanent, Reported;

    // Removals and receipts.
    CanonicalNumber = "canonical.number", Permanent, Internal;
    ReceiptRemovalUnfinished = "receipt.removal_unfinished", Permanent, Reported;
    ReceiptTooLong = "receipt.too_long", Permanent, Reported;
    RemovalLeaseLost = "removal.lease_lost", Fenced, Own(409, "Another slice holds the removal's lease");
    RemovalNotBegun = "removal.not_begun", Transient, Reported;
    RemovalNotUnderWay = "removal.not_under_way", Fenced, Own(409, "No removal is under way");
    RemovalPartUnknown = "removal.part_unknown", Permanent, Reported;
    RemovalReceiptsContended = "removal.receipts_contended", Transient, Reported;

    // Keys and sealed bodies.
    CopiesBodyFormat = "copies.body_format", Permanent, Internal;
    CopiesBodyMalformed = "copies.body_malformed", Permanent, Internal;
    CopiesBodyMissing = "copies.body_missing", Transient, Internal;
    CopiesTokenMalformed = "copies.token_malformed", Permanent, Internal;
    CopiesUnreadable = "copies.unreadable", Permanent, Internal;
    CopiesUnwritable = "copies.unwritable", Permanent, Internal;
    KeysCheckVanished = "keys.check_vanished", Transient, Internal;
    KeysContended = "keys.contended", Transient, Internal;
    KeysDocumentTooLong = "keys.document_too_long", Permanent, Internal;
    KeysLost = "keys.lost", Revoked, Internal;
    KeysNoRandomness = "keys.no_randomness", Transient, Internal;
    KeysNoHeadsKey = "keys.no_heads_key", Permanent, Internal;
    KeysNoReceiptKey = "keys.no_receipt_key", Permanent, Internal;
    KeysTenantLost = "keys.tenant_lost", Permanent, Shared(ProblemType::TENANT_KEY_LOST);
    KeysUnusable = "keys.unusable", Permanent, Internal;
    KeysVanished = "keys.vanished", Transient, Internal;
    SealFailed = "seal.failed", Transient, Internal;
    SealTooLarge = "seal.too_large", Permanent, Internal;
    SealUnreadable = "seal.unreadable", Permanent, Internal;
    SealUnwritable = "seal.unwritable", Permanent, Internal;

    // Stored rows.
    StoreBodyMalformed = "store.body_malformed", Permanent, Internal;
    StoreDecisionMalformed = "store.decision_malformed", Permanent, Internal;
    StoreFields = "store.fields", Permanent, Internal;
    StoreItemMalformed = "store.item_malformed", Permanent, Internal;
    StoreLinkMalformed = "store.link_malformed", Permanent, Internal;
    StoreNoAnswer = "store.no_answer", Permanent, Internal;
    StoreSettings = "store.settings", Permanent, Internal;
    StoreUnreadable = "store.unreadable", Permanent, Internal;

    // The company database and its files.
    CompaniesFenced = "companies.fenced", Fenced, Internal;
    CompaniesOvertaken = "companies.overtaken", Transient, Internal;
    CompaniesPublished = "companies.published", Permanent, Internal;
    CompaniesUnpublished = "companies.unpublished", Permanent, Internal;
    CompaniesVersionPublished = "companies.version_published", Permanent, Internal;
    FileChanged = "file.changed", Permanent, Reported;
    FileCorrupt = "file.corrupt", Permanent, Reported;
    FileEmpty = "file.empty", Permanent, Reported;
    FileEncoding = "file.encoding", Permanent, Reported;
    FileFormat = "file.format", Permanent, Reported;
    FileHeaderQuote = "file.header_quote", Permanent, Reported;
    FileMissingColumn = "file.missing_column", Permanent, Reported;
    FileNoCompany = "file.no_company", Permanent, Reported;
    FileRowTooLong = "file.row_too_long", Permanent, Reported;
    FileTooManyRefused = "file.too_many_refused", Permanent, Reported;
    FileTruncated = "file.truncated", Permanent, Reported;
    FileUnreadable = "file.unreadable", Transient, Reported;
    ImportMuchSmaller = "import.much_smaller", Permanent, Reported;
    ImportOutOfTime = "import.out_of_time", Permanent, Reported;
    ImportOvertaken = "import.overtaken", Permanent, Reported;
    ReferenceDisk = "reference.disk", Transient, Reported;
    ReferenceGet = "reference.get", Transient, Reported;
    ReferenceGetCutOff = "reference.get_cut_off", Transient, Reported;
    ReferenceNoRoom = "reference.no_room", Permanent, Reported;
    ReferencePut = "reference.put", Transient, Reported;

    // Function starts, events and operator commands.
    ConsoleNotBuilt = "console.not_built", Permanent, Internal;
    EventMalformed = "event.malformed", Permanent, Internal;
    EventOtherBucket = "event.other_bucket", Permanent, Internal;
    GrantKeyUnreadable = "grant.key_unreadable", Permanent, Reported;
    GrantMissing = "grant.missing", Permanent, Reported;
    LogBegunTwice = "log.begun_twice", Permanent, Internal;
    OrderUnwritable = "order.unwritable", Permanent, Internal;
    RequestOutOfTime = "request.out_of_time", Transient, Reported;
    SettingContradiction = "setting.contradiction", Permanent, Internal;
    SettingMalformed = "setting.malformed", Permanent, Internal;
    SettingMissing = "setting.missing", Permanent, Internal;

    // Faults of simulated ports in tests.
    MemoryPutCut = "memory.put_cut", Transient, Internal;
    TestFailed = "test.failed", Transient, Internal;
    TestReplyLost = "test.reply_lost", Transient, Internal;
    TestUnexpected = "test.unexpected", Permanent, Internal;
}
