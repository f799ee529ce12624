//! The hosts of Dataverse and of its logins, those of the sovereign clouds among them.

use super::super::client::vendor::Hosts;

/// The hosts of the logins: the commercial cloud, which is also that of the first government cloud (GCC), the others for the
/// government of the United States, and the cloud in China.
pub(super) const LOGINS: [&str; 3] = [
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
];

/// The domains under which environments are. Each region has a number, and the first has none. Microsoft opens regions in this
/// order; numbers that are not in use yet belong to it all the same. `{organisation}.api.` stands before some of them.
pub(super) const DOMAINS: [&str; 33] = [
    "crm.dynamics.com",
    "crm2.dynamics.com",
    "crm3.dynamics.com",
    "crm4.dynamics.com",
    "crm5.dynamics.com",
    "crm6.dynamics.com",
    "crm7.dynamics.com",
    "crm8.dynamics.com",
    "crm9.dynamics.com",
    "crm10.dynamics.com",
    "crm11.dynamics.com",
    "crm12.dynamics.com",
    "crm13.dynamics.com",
    "crm14.dynamics.com",
    "crm15.dynamics.com",
    "crm16.dynamics.com",
    "crm17.dynamics.com",
    "crm18.dynamics.com",
    "crm19.dynamics.com",
    "crm20.dynamics.com",
    "crm21.dynamics.com",
    "crm22.dynamics.com",
    "crm23.dynamics.com",
    "crm24.dynamics.com",
    "crm25.dynamics.com",
    "crm26.dynamics.com",
    "crm27.dynamics.com",
    "crm28.dynamics.com",
    "crm29.dynamics.com",
    "crm30.dynamics.com",
    "crm.microsoftdynamics.us",
    "crm.appsplatform.us",
    "crm.dynamics.cn",
];

/// The hosts that an environment may have. A login host is none.
pub(super) const ENVIRONMENTS: Hosts = Hosts {
    exact: &[],
    under: &DOMAINS,
};
