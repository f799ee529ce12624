//! Our clock and the CRM's may differ by much. Lookups use the CRM's time.

use domain::record::Object::Account;
use infra::memory::{Faults, Mode, Pages::Ordered};
use jiff::SignedDuration;

use super::{batches::sends_at, werk};
use crate::world::{HOUR, World};

#[tokio::test]
async fn a_record_whose_answer_was_lost_is_found_whatever_our_clock_says() {
    let sent = sends_at(&werk()).await;
    for minutes in [-40, -20, 20, 40] {
        let world = World::new(Ordered, 5).await;
        world.pass(HOUR);
        // From here on our clock differs from the CRM's.
        world.wait(SignedDuration::from_mins(minutes));
        let killed = Faults::at(sent, Mode::KilledAfter);
        assert!(
            world
                .creates("key-1", &werk(), "a", &killed)
                .await
                .is_none()
        );
        assert_eq!(world.n_in_crm(Account), 1);
        for _ in 0..2 {
            world.pass(HOUR);
            world.create("key-1", &werk()).await.unwrap();
            assert_eq!(world.n_in_crm(Account), 1, "{minutes} minutes ahead");
        }
    }
}
