//! The promises of the ports, checked on every backend. Each clause works with a tenant of its own.

mod allowances;
mod audit;
mod backends;
mod broken;
mod companies;
mod connections;
mod controllers;
mod copies;
mod exports;
mod intents;
mod keys;
mod left_open;
mod legal;
mod offboardings;
mod outbox;
mod places;
mod reading;
mod removals;
mod repeated;
mod samples;
mod sessions;
mod signatures;
mod silent;
mod status;
mod store;
mod tenant_keys;
mod vanishing;

/// Runs the clauses one after the other and prints the name of each.
macro_rules! clauses {
    ($world:expr, $module:ident: $($clause:ident),+ $(,)?) => {
        $(
            println!(concat!(stringify!($module), "::", stringify!($clause)));
            $module::$clause($world).await;
        )+
    };
}

async fn all_of_the_store(world: &backends::World) {
    clauses!(world, store:
        an_integration_comes_back_as_it_was_connected,
        connecting_again_needs_the_generation_and_status_that_were_read,
        what_is_due_is_found_and_claimed_once,
        a_claim_whose_answer_was_lost_is_told_yes,
        a_lease_is_held_by_one_until_its_deadline,
        a_lease_of_another_generation_is_fenced,
        a_checkpoint_counts_and_takes_out,
        a_checkpoint_without_the_lease_is_fenced_and_changes_nothing,
        the_end_of_a_run_is_repeatable_and_frees_the_integration,
        a_lost_grant_leaves_the_list_of_what_is_due,
        a_lost_grant_and_a_new_one_verify_nothing,
        a_claim_begins_the_measure_of_a_row_that_has_none,
        what_has_not_been_in_order_for_longest_is_found_first,
        where_a_run_stands_is_noted_by_who_works_on_it_until_its_end,
        quarantined_records_are_noted_once,
    );
    clauses!(world, connections:
        one_renews_a_grant_at_a_time,
        a_connected_grant_is_replaced_only_while_nobody_is_at_work,
        renewed_credentials_need_the_right_to_renew,
        a_grant_whose_keeping_was_not_answered_is_kept_once,
        a_right_to_renew_that_is_over_goes_to_the_next,
        what_was_begun_under_a_state_is_taken_out_once_and_by_its_tenant,
        a_tenant_s_integrations_are_listed_and_no_others,
        settings_come_after_those_that_were_seen,
        settings_move_the_due_time_and_the_run_after_the_open_one,
        the_chosen_hour_is_seen_by_who_looks_for_what_is_due,
        reports_come_newest_first_and_page_by_page,
    );
    clauses!(world, left_open:
        who_leaves_a_run_open_says_when_it_is_looked_at_and_up_to_when_somebody_worked,
        a_removal_stays_due_whoever_leaves_its_run_open,
    );
    clauses!(world, outbox:
        what_a_run_s_end_tells_is_kept_once_and_until_it_is_told,
        what_the_slice_of_a_later_run_is_leased_says_what_is_untold,
        connecting_and_answering_are_kept_and_end_with_the_generation,
        an_integration_that_is_not_there_is_told_of_without_a_trace,
    );
    clauses!(world, copies:
        records_are_known_and_listed,
        a_record_put_again_loses_the_relations_it_dropped,
        records_are_listed_with_relations_that_are_not_their_own,
        relations_are_the_record_s_own_wherever_a_page_of_the_list_ends,
        a_decision_leaves_the_record_with_relations_of_its_own,
        a_body_too_large_for_an_item_comes_back,
        one_tenants_records_are_not_anothers,
    );
    clauses!(world, reading:
        records_are_found_by_each_index,
        records_are_read_by_key_and_object_by_object,
        suggested_relations_are_listed_and_no_others,
        a_decision_changes_relations_and_is_noted,
        no_decision_is_taken_for_a_generation_that_has_ended,
        an_erased_record_leaves_nothing_beside_it,
        what_a_record_was_merged_into_is_noted_and_noted_again,
    );
    clauses!(world, vanishing:
        a_deletion_is_held_back_once_and_every_reader_of_the_record_sees_it,
        a_record_whose_deletion_waits_has_no_brief_until_it_is_left,
        what_was_held_back_goes_with_its_record,
        an_answer_comes_in_place_of_the_last_one_and_ends_with_the_generation,
    );
    clauses!(world, repeated:
        a_checkpoint_that_is_asked_for_twice_counts_once,
        a_claim_that_resumes_a_run_is_told_apart_from_anothers,
        records_put_twice_are_there_once,
        a_body_that_was_large_is_gone_with_its_record,
    );
}

async fn all_of_the_removals(world: &backends::World) {
    clauses!(world, removals:
        a_removal_ends_the_generation_and_notes_who_asked,
        a_removal_is_leased_and_noted_by_its_holder_only,
        everything_of_a_generation_is_listed_once_and_swept_and_nothing_of_another,
        a_removal_is_closed_once_and_its_receipt_becomes_the_last,
        versions_of_keys_are_listed_until_they_are_destroyed,
    );
    clauses!(world, signatures: a_signature_is_of_the_document_and_the_key_is_the_same);
}

async fn all_of_the_exports(world: &backends::World) {
    clauses!(world, exports:
        an_export_is_noted_once_and_listed_in_the_order_of_asking,
        an_export_is_leased_to_one_and_noted_by_that_one_only,
        an_export_of_what_is_being_removed_is_fenced,
        a_file_is_made_of_its_parts_and_swept_with_what_is_unfinished,
    );
}

async fn all_of_the_legal_register(world: &backends::World) {
    clauses!(world, intents:
        an_intent_is_begun_once_and_moves_on_from_what_was_seen,
        what_an_intent_made_comes_into_the_copy_with_its_outcome,
        a_record_is_the_making_of_one_intent,
        an_intent_of_an_integration_that_is_not_connected_is_fenced,
        a_removal_counts_an_intent_and_what_came_of_it_by_their_kinds,
    );
    clauses!(world, audit:
        a_request_is_noted_once_and_concluded_in_its_entry,
        entries_come_newest_first_by_page_by_day_and_by_what_was_done,
        a_change_is_noted_with_it,
    );
    clauses!(world, controllers:
        what_a_tenant_says_of_itself_comes_in_the_place_of_what_it_said,
    );
    clauses!(world, allowances:
        a_rate_is_taken_until_nothing_is_left_and_anew_in_the_next_window,
        of_many_at_once_as_many_are_served_as_there_is_left,
        places_come_after_those_that_were_seen,
        a_tenants_own_numbers_come_in_place_of_the_last_and_begin_its_windows_anew,
    );
    clauses!(world, offboardings:
        an_offboarding_comes_after_what_was_seen_and_is_told_yes_when_repeated,
        an_end_that_is_not_over_is_found_with_its_stage_until_its_receipt,
        an_end_of_an_earlier_build_is_found_after_it_is_asked_for_again,
        the_rows_of_a_tenant_are_listed_once_and_swept_and_nothing_of_another,
    );
    clauses!(world, legal:
        assessments_are_appended_once_and_found_by_person,
        of_two_who_append_one_number_one_is_told_no,
        assessments_are_read_on_in_order,
        an_append_that_is_asked_for_twice_is_told_yes,
        templates_have_versions,
        marks_stand_until_they_are_lifted,
        every_change_of_marks_makes_another_edition,
        every_change_of_marks_is_in_the_chain_and_what_is_taken_out_is_missed,
        a_suppression_is_stored_though_the_head_was_lost_and_the_loss_shows,
        a_page_of_people_is_checked_in_the_order_asked,
        one_tenants_register_is_not_anothers,
    );
}

async fn all_of_the_keys(world: &backends::World) {
    clauses!(world, keys:
        keys_are_made_once_and_open_again,
        keys_that_were_destroyed_do_not_open,
        two_generations_have_different_keys,
        a_tenants_keys_are_made_on_first_use_and_are_nobody_elses,
        callers_who_need_a_tenants_keys_first_get_the_same,
        a_removal_of_a_generation_leaves_its_tenants_keys,
        keys_that_were_fetched_before_their_generation_was_known_open,
        keys_that_no_integration_has_are_found_and_destroyed_and_nobody_elses,
    );
    clauses!(world, tenant_keys:
        lost_keys_of_a_tenant_are_a_fault_and_are_not_made_again,
        keys_that_are_not_the_noted_ones_do_not_open,
    );
    clauses!(world, offboardings:
        a_tenants_keys_are_destroyed_and_then_never_were,
    );
}

async fn all_of_lost_tenant_keys(world: &backends::World) {
    clauses!(world, tenant_keys:
        first_keys_and_their_check_value_are_there_together,
        keys_without_a_check_value_get_one_when_they_are_opened_for_a_write,
        rows_of_a_tenant_without_keys_tell_that_they_are_lost,
    );
}

async fn all_of_the_companies(world: &backends::World) {
    clauses!(world, companies:
        nothing_is_found_before_a_version_is_published,
        an_edition_is_found_whole_and_shares_its_rows_with_the_next,
        an_import_that_was_given_up_is_seen_by_nobody,
        two_imports_at_a_time_do_not_overwrite_each_other,
        a_company_is_read_by_its_id_in_the_published_version_and_goes_with_it,
        the_operators_word_for_a_smaller_edition_holds_until_the_next_is_published,
        the_keys_that_editions_changed_are_known_over_several_of_them,
    );
}

#[tokio::test]
async fn memory_keeps_the_contract() {
    let world = backends::memory();
    all_of_the_store(&world).await;
    all_of_the_removals(&world).await;
    all_of_the_exports(&world).await;
    all_of_the_legal_register(&world).await;
    all_of_the_keys(&world).await;
    all_of_the_companies(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aws_over_dynoxide_and_moto_keeps_the_contract() {
    let world = backends::dynoxide_and_moto().await;
    all_of_the_store(&world).await;
    all_of_the_removals(&world).await;
    all_of_the_exports(&world).await;
    all_of_the_legal_register(&world).await;
    all_of_the_keys(&world).await;
    all_of_the_companies(&world).await;
    keys::a_wrapped_key_that_was_changed_or_moved_does_not_open(&world).await;
    all_of_lost_tenant_keys(&world).await;
    places::every_key_that_was_written_is_on_the_list(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aws_over_ministack_keeps_the_contract() {
    let world = backends::ministack().await;
    all_of_the_store(&world).await;
    all_of_the_removals(&world).await;
    all_of_the_exports(&world).await;
    all_of_the_legal_register(&world).await;
    all_of_the_keys(&world).await;
    all_of_the_companies(&world).await;
    all_of_lost_tenant_keys(&world).await;
    places::every_key_that_was_written_is_on_the_list(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_whose_last_answer_was_lost_is_whole() {
    exports::a_file_whose_last_answer_was_lost_is_whole().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn objects_that_a_bucket_did_not_delete_are_tried_again_and_told_of() {
    removals::objects_that_were_not_deleted_are_tried_again_and_told_of().await;
}
