//! Tables, columns, keys, relationships, rights.

use serde_json::{Value, json};
use simulator::dynamics::Config;

use super::{Crm, OWN, code};

fn named<'a>(list: &'a Value, name: &str) -> &'a Value {
    let all = list.as_array().unwrap();
    all.iter().find(|one| one["LogicalName"] == name).unwrap()
}

#[tokio::test]
async fn a_table_is_described_with_its_columns_and_keys() {
    let crm = Crm::start().await;
    crm.control()
        .add_column("account", "new_Key", &["unique"])
        .unwrap();
    crm.control()
        .add_column("account", "new_Salary", &["Money", "secured"])
        .unwrap();
    let path = "/EntityDefinitions(LogicalName='account')?$select=LogicalName,EntitySetName,PrimaryIdAttribute,ChangeTrackingEnabled&$expand=Attributes($select=LogicalName,AttributeType,AttributeTypeName,AttributeOf,IsValidForRead,IsValidForCreate,RequiredLevel,IsSecured),Keys($select=LogicalName,KeyAttributes,EntityKeyIndexStatus)";
    let (status, table) = crm.get(path).await;
    assert_eq!(status, 200, "{table}");
    assert_eq!(
        (
            &table["EntitySetName"],
            &table["PrimaryIdAttribute"],
            &table["ChangeTrackingEnabled"]
        ),
        (&json!("accounts"), &json!("accountid"), &json!(true))
    );
    assert!(table.get("SchemaName").is_none(), "it was not selected");
    let columns = &table["Attributes"];
    let name = named(columns, "name");
    assert_eq!(
        name["@odata.type"],
        "#Microsoft.Dynamics.CRM.StringAttributeMetadata"
    );
    assert_eq!(
        (
            &name["RequiredLevel"]["Value"],
            &name["AttributeTypeName"]["Value"]
        ),
        (&json!("ApplicationRequired"), &json!("StringType"))
    );
    assert_eq!(
        named(columns, "industrycodename")["AttributeOf"],
        "industrycode"
    );
    assert_eq!(named(columns, "entityimage")["AttributeType"], "Virtual");
    assert_eq!(named(columns, "modifiedon")["IsValidForCreate"], false);
    assert_eq!(named(columns, "new_salary")["IsSecured"], true);
    assert_eq!(table["Keys"][0]["KeyAttributes"], json!(["new_key"]));
}

#[tokio::test]
async fn lengths_and_choices_want_the_cast() {
    let crm = Crm::start().await;
    let base = "/EntityDefinitions(LogicalName='lead')/Attributes";
    let (status, body) = crm
        .get(&format!("{base}?$select=LogicalName,MaxLength"))
        .await;
    assert_eq!((status.as_u16(), code(&body)), (400, "0x80060888"));
    let (_, texts) = crm
        .get(&format!(
            "{base}/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength"
        ))
        .await;
    assert_eq!(named(&texts["value"], "lastname")["MaxLength"], 50);
    let cast = |name: &str| {
        format!(
            "{base}/Microsoft.Dynamics.CRM.{name}?$select=LogicalName&$expand=OptionSet,GlobalOptionSet"
        )
    };
    let (_, picklists) = crm.get(&cast("PicklistAttributeMetadata")).await;
    let options = &named(&picklists["value"], "leadqualitycode")["OptionSet"]["Options"];
    assert_eq!(
        (
            &options[0]["Value"],
            &options[0]["Label"]["UserLocalizedLabel"]["Label"]
        ),
        (&json!(1), &json!("Hot"))
    );
    let (_, reasons) = crm.get(&cast("StatusAttributeMetadata")).await;
    let options = named(&reasons["value"], "statuscode")["OptionSet"]["Options"]
        .as_array()
        .unwrap();
    assert!(
        options
            .iter()
            .any(|one| one["Value"] == 3 && one["State"] == 1)
    );
    let (_, one) = crm
        .get(&format!(
            "{base}(LogicalName='subject')?$select=AttributeType"
        ))
        .await;
    assert_eq!(one["AttributeType"], "String");
}

#[tokio::test]
async fn navigation_names_come_from_relationships_and_their_case_counts() {
    let crm = Crm::start().await;
    crm.control()
        .add_column("contact", "new_Partner", &["Lookup", "to:account"])
        .unwrap();
    let names = async |table: &str, column: &str| {
        let (_, all) = crm.get(&format!("/EntityDefinitions(LogicalName='{table}')/ManyToOneRelationships?$select=ReferencingAttribute,ReferencedEntity,ReferencingEntityNavigationPropertyName")).await;
        let all = all["value"].as_array().unwrap().clone();
        let of = all
            .into_iter()
            .filter(|one| one["ReferencingAttribute"] == column);
        of.map(|one| {
            one["ReferencingEntityNavigationPropertyName"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect::<Vec<_>>()
    };
    assert_eq!(
        names("contact", "parentcustomerid").await,
        ["parentcustomerid_account", "parentcustomerid_contact"]
    );
    assert_eq!(
        names("opportunity", "parentaccountid").await,
        ["parentaccountid"]
    );
    assert_eq!(
        names("task", "regardingobjectid").await[0],
        "regardingobjectid_account_task"
    );
    assert_eq!(names("contact", "new_partner").await, ["new_Partner"]);
    let id = crm.accounts(1).remove(0);
    let bound = |name: &str| json!({ "lastname": "A", format!("{name}@odata.bind"): format!("/accounts({id})") });
    assert_eq!(
        crm.send("POST", "/contacts", &bound("new_Partner")).await.0,
        204
    );
    let (status, body) = crm.send("POST", "/contacts", &bound("new_partner")).await;
    assert_eq!(status, 400);
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("undeclared property 'new_partner'")
    );
}

#[tokio::test]
async fn tables_that_are_not_there_are_404_on_their_sets() {
    let crm = Crm::with(Config {
        sales: false,
        ..Config::default()
    })
    .await;
    for path in [
        "/leads",
        "/opportunities",
        "/nopes",
        "/EntityDefinitions(LogicalName='lead')",
    ] {
        let (status, body) = crm.get(path).await;
        assert_eq!(
            (status.as_u16(), code(&body)),
            (404, "0x80060888"),
            "{path}"
        );
    }
    let (_, all) = crm.get("/EntityDefinitions?$select=EntitySetName").await;
    assert_eq!(all["value"].as_array().unwrap().len(), 4);
    let (_, one) = crm
        .get("/EntityDefinitions?$select=EntitySetName&$filter=LogicalName eq 'task'")
        .await;
    assert_eq!(one["value"][0]["EntitySetName"], "tasks");
}

#[tokio::test]
async fn the_csdl_names_every_column_and_every_navigation() {
    let crm = Crm::start().await;
    let text = crm
        .request("GET", "/$metadata")
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    for part in [
        "<edmx:Edmx Version=\"4.0\"",
        "<EntityType Name=\"contact\" BaseType=\"mscrm.crmbaseentity\">",
        "<Property Name=\"_parentcustomerid_value\" Type=\"Edm.Guid\" />",
        "<NavigationProperty Name=\"parentcustomerid_account\" Type=\"mscrm.account\">",
        "<EntitySet Name=\"opportunities\" EntityType=\"Microsoft.Dynamics.CRM.opportunity\">",
    ] {
        assert!(text.contains(part), "{part}");
    }
    assert_eq!(
        text.matches("<EntityType ").count(),
        text.matches("</EntityType>").count() + 1
    );
}

#[tokio::test]
async fn rights_are_told_and_bind() {
    let crm = Crm::start().await;
    let control = crm.control();
    let (_, who) = crm.get("/WhoAmI").await;
    let user = who["UserId"].as_str().unwrap().to_owned();
    let depth = async |name: &str| {
        let (_, all) = crm
            .get(&format!(
                "/systemusers({user})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges"
            ))
            .await;
        let all = all["RolePrivileges"].as_array().unwrap().clone();
        all.into_iter()
            .find(|one| one["PrivilegeName"] == name)
            .map(|one| one["Depth"].as_str().unwrap().to_owned())
    };
    assert_eq!(depth("prvReadAccount").await.as_deref(), Some("Global"));
    assert_eq!(depth("prvReadActivity").await.as_deref(), Some("Global"));
    let own = crm.load("account", json!({ "name": "own" }));
    crm.load(
        "account",
        json!({ "name": "other", "ownerid": "systemuser/5a1e0000-0000-4000-8000-00000000beef" }),
    );
    control.set_depth("account", "Read", "Basic").unwrap();
    assert_eq!(depth("prvReadAccount").await.as_deref(), Some("Basic"));
    let (_, seen) = crm.get("/accounts?$select=name").await;
    assert_eq!(seen["value"].as_array().unwrap().len(), 1);
    assert_eq!(seen["value"][0]["accountid"], own);
    control.set_depth("account", "Create", "None").unwrap();
    let (status, body) = crm
        .send(
            "POST",
            "/accounts",
            &json!({ "name": "A", "accountid": OWN }),
        )
        .await;
    assert_eq!((status.as_u16(), code(&body)), (403, "0x80040220"));
    assert!(
        body["error"]["message"]
            .as_str()
            .unwrap()
            .contains("prvCreateAccount")
    );
    control.set_depth("account", "Read", "None").unwrap();
    assert_eq!(crm.get("/accounts").await.0, 403);
}
