#include "coord/store/alert_store.hpp"

#include "detect/alert/wire.hpp"
#include "tests/coord/store/store_fixture.hpp"

using namespace cresset;
using namespace cresset::coord::ingest;
using namespace std::chrono_literals;
using tests::store_fixture;

BOOST_FIXTURE_TEST_SUITE(coord_store_alert_store, store_fixture)

BOOST_AUTO_TEST_CASE(a_run_is_stored_with_groups_evidence_and_cursor) {
  send({alert_from(1), alert_from(1), alert_from(2)});
  BOOST_TEST(
      text("SELECT string_agg(position || ':' || sequence, ' ' ORDER BY position) FROM alert") ==
      "1:1 2:2 3:3");
  BOOST_TEST(text("SELECT string_agg(alerts || '/' || last_alert || '/' || "
                  "array_to_string(samples, ','), ' ' ORDER BY id) "
                  "FROM alert_group") == "2/2/1,2 1/3/3");
  BOOST_TEST(number("SELECT count(*) FROM alert a JOIN alert_group g ON g.id = a.group_id AND "
                    "host(g.attacker) = host(a.source)") == 3);
  BOOST_TEST(number("SELECT count(*) FROM alert_evidence WHERE length(packet) = 60 AND "
                    "length(payload) = 20") == 3);
  BOOST_TEST(text("SELECT string_agg(position || ' ' || is_new || ' ' || added, ', ' ORDER BY "
                  "position) FROM group_change") == "1 true 2, 2 true 1");
  BOOST_TEST(text("SELECT sequence || ' ' || stored FROM sensor_cursor") == "3 3");
  BOOST_TEST(*alerts.cursor(sensor, epoch) == 3U);
}

BOOST_AUTO_TEST_CASE(the_stored_record_reads_back_without_packet_and_payload) {
  send({alert_from(1)});
  const auto hex = text("SELECT encode(record, 'hex') FROM alert");
  std::vector<std::byte> record;
  for (std::size_t i = 0; i < hex.size(); i += 2)
    record.push_back(static_cast<std::byte>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  const auto read = detect::alert::decode(record);
  BOOST_REQUIRE(read);
  BOOST_TEST(read->msg == "TEST rule 7");
  BOOST_TEST(read->packet.empty());
  BOOST_TEST(read->packet_length == 60U);
}

BOOST_AUTO_TEST_CASE(what_was_stored_is_not_taken_again_and_the_answer_is_the_cursor) {
  const auto run = run_of({alert_from(1), alert_from(1)});
  BOOST_TEST(offer(run).accepted);
  const auto again = offer(run);
  BOOST_TEST(!again.accepted);
  BOOST_TEST(again.cursor == 2U);
  BOOST_TEST(number("SELECT count(*) FROM alert") == 2);
  BOOST_TEST(number("SELECT alerts FROM alert_group") == 2);
}

BOOST_AUTO_TEST_CASE(a_gap_is_refused_until_it_is_declared_dropped) {
  send({alert_from(1)});
  next = 5;
  const auto run = run_of({alert_from(1)});
  const auto refused = offer(run);
  BOOST_TEST(!refused.accepted);
  BOOST_TEST(refused.cursor == 1U);

  auto declared = run;
  declared.first = 2;
  declared.entries.insert(declared.entries.begin(),
                          dropped_range{2, 4, detect::alert::drop_reason::spool_full});
  const auto taken = offer(declared);
  BOOST_TEST(taken.accepted);
  BOOST_TEST(taken.cursor == 5U);
  BOOST_TEST(text("SELECT first || '-' || last || ' ' || reason FROM sensor_dropped") == "2-4 1");
  BOOST_TEST(text("SELECT stored || ' ' || dropped FROM sensor_cursor") == "2 3");
}

BOOST_AUTO_TEST_CASE(runs_of_one_sensor_follow_one_another_in_one_call) {
  const std::vector<alert_run> runs{run_of({alert_from(1)}), run_of({alert_from(2)}),
                                    run_of({alert_from(1)})};
  const auto outcomes = alerts.commit(runs);
  BOOST_REQUIRE(outcomes);
  for (const auto& outcome : *outcomes)
    BOOST_TEST(outcome.accepted);
  BOOST_TEST(outcomes->back().cursor == 3U);
  BOOST_TEST(number("SELECT count(*) FROM alert_group") == 2);
}

BOOST_AUTO_TEST_CASE(a_run_out_of_order_is_left_out_and_the_others_are_taken) {
  auto late = run_of({alert_from(1)});
  late.first = late.last = 9;
  next = 1;
  const std::vector<alert_run> runs{late, run_of({alert_from(1)})};
  const auto outcomes = alerts.commit(runs);
  BOOST_REQUIRE(outcomes);
  BOOST_TEST(!(*outcomes)[0].accepted);
  BOOST_TEST((*outcomes)[1].accepted);
  BOOST_TEST(number("SELECT count(*) FROM alert") == 1);
}

BOOST_AUTO_TEST_CASE(each_epoch_of_a_sensor_has_its_own_cursor) {
  send({alert_from(1), alert_from(1)});
  epoch = epoch_of(2);
  next = 1;
  send({alert_from(1)});
  BOOST_TEST(*alerts.cursor(sensor, epoch_of(1)) == 2U);
  BOOST_TEST(*alerts.cursor(sensor, epoch_of(2)) == 1U);
  BOOST_TEST(number("SELECT alerts FROM alert_group") == 3);
}

BOOST_AUTO_TEST_CASE(what_the_database_cannot_take_is_kept_as_refused_and_the_rest_is_stored) {
  auto with_nul = alert_from(1);
  with_nul.msg = std::string{"a\0b", 3};
  auto not_text = alert_from(1);
  not_text.category = "\xff";
  auto run = run_of({alert_from(1), with_nul, not_text, alert_from(1)});
  run.entries.emplace_back(
      refused_alert{5, "not_a_record", std::vector<std::byte>(3, std::byte{1})});
  run.last = 5;
  BOOST_TEST(offer(run).accepted);
  BOOST_TEST(number("SELECT count(*) FROM alert") == 2);
  BOOST_TEST(
      text("SELECT string_agg(sequence || ' ' || reason, ', ' ORDER BY sequence) FROM "
           "alert_refused") ==
      "2 msg holds a NUL or is not UTF-8, 3 category holds a NUL or is not UTF-8, 5 not_a_record");
  BOOST_TEST(text("SELECT sequence || ' ' || stored || ' ' || refused FROM sensor_cursor") ==
             "5 2 3");
}

BOOST_AUTO_TEST_CASE(an_abort_at_any_step_leaves_nothing_and_the_same_run_is_taken_afterwards) {
  run("CREATE FUNCTION break() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
      "'broken here'; END $$");
  const auto run_once = run_of({alert_from(1), alert_from(2)});
  for (const std::string table : {"sensor_cursor", "stream_head", "alert_group", "attacker_spread",
                                  "group_change", "alert_20", "alert_evidence_20"}) {
    BOOST_TEST_CONTEXT(table) {
      const auto exact =
          text("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '" + table +
               "%' ORDER BY relname LIMIT 1");
      run("CREATE TRIGGER breaks BEFORE INSERT OR UPDATE ON " + exact +
          " FOR EACH ROW EXECUTE FUNCTION break()");
      BOOST_TEST(!alerts.commit({&run_once, 1}));
      run("DROP TRIGGER breaks ON " + exact);
      for (const std::string empty :
           {"sensor_cursor", "alert", "alert_evidence", "alert_group", "group_change"})
        BOOST_TEST(number("SELECT count(*) FROM " + empty) == 0);
      BOOST_TEST(number("SELECT max(last) FROM stream_head") == 0);
    }
  }
  BOOST_TEST(offer(run_once).accepted);
  BOOST_TEST(number("SELECT count(*) FROM alert") == 2);
  BOOST_TEST(number("SELECT max(position) FROM alert") == 2);
}

BOOST_AUTO_TEST_CASE(a_server_that_dies_before_the_commit_leaves_nothing) {
  const auto run_once = run_of({alert_from(1)});
  run("CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM "
      "pg_terminate_backend(pg_backend_pid()); "
      "RETURN NEW; END $$");
  run("CREATE CONSTRAINT TRIGGER dies AFTER INSERT ON group_change DEFERRABLE INITIALLY DEFERRED "
      "FOR EACH ROW EXECUTE FUNCTION die()");
  const auto failed = alerts.commit({&run_once, 1});
  BOOST_REQUIRE(!failed);
  BOOST_TEST((failed.error().why == store_error::code::unavailable));
  run("DROP TRIGGER dies ON group_change");
  BOOST_TEST(number("SELECT count(*) FROM alert") == 0);
  BOOST_TEST(offer(run_once).accepted);
}

BOOST_AUTO_TEST_CASE(counts_add_up_over_batches_and_sensors) {
  send({alert_from(1, 7, 3)});
  sensor = add_sensor("s2");
  next = 1;
  received += 5s;
  auto graver = alert_from(1, 7, 1);
  graver.captured_at = received - 1h;
  graver.rev = 4;
  graver.msg = "TEST renamed";
  send({graver, graver});
  BOOST_TEST(text("SELECT alerts || ' ' || severity || ' ' || revision || ' ' || message || ' ' || "
                  "first_alert || ' ' || "
                  "last_alert || ' ' || array_to_string(samples, ',') || ' ' || "
                  "cardinality(sensors) FROM alert_group") == "3 1 4 TEST renamed 1 3 1,2,3 2");
  BOOST_TEST(number("SELECT last_seen_ns - first_seen_ns FROM alert_group") ==
             std::chrono::nanoseconds{1h - 5s}.count());
  BOOST_TEST(text("SELECT string_agg(alerts || '+' || added || ' ' || is_new, ', ' ORDER BY "
                  "position) FROM group_change") == "1+1 true, 3+2 false");
}

BOOST_AUTO_TEST_CASE(samples_are_the_first_the_last_and_the_most_telling) {
  auto telling = alert_from(1);
  telling.transaction_json = R"("http":{"url":"/x"})";
  send({alert_from(1), alert_from(1), alert_from(1), alert_from(1), alert_from(1)});
  send({telling, alert_from(1)});
  send({alert_from(1), telling, alert_from(1)});
  send({alert_from(1)});
  BOOST_TEST(text("SELECT array_to_string(samples, ',') || ' ' || telling || ' ' || "
                  "array_to_string(recent, ',') FROM alert_group") == "1,2,3,4 6 9,10,11");
  send({alert_from(1, 7, 1)}); // a more urgent one tells more than any other
  BOOST_TEST(number("SELECT telling FROM alert_group") == 12);
}

BOOST_AUTO_TEST_CASE(the_state_of_a_group_stays_under_a_kilobyte) {
  auto longest = alert_from(1);
  longest.msg = std::string(detect::alert::limits::msg_bytes, 'm');
  longest.category = std::string(detect::alert::limits::category_bytes, 'c');
  std::array<std::byte, 16> six{};
  longest.tuple->source = ip_address::v6(six);
  longest.tuple->destination = ip_address::v6(six);
  for (int i = 0; i < 40; ++i) {
    sensor = add_sensor("many-" + std::to_string(i));
    next = 1;
    send({longest});
  }
  BOOST_TEST(number("SELECT pg_column_size(g.*) FROM alert_group g") <= 1024);
  BOOST_TEST(number("SELECT cardinality(sensors) FROM alert_group") == 16);
  BOOST_TEST(number("SELECT alerts FROM alert_group") == 40);
}

BOOST_AUTO_TEST_CASE(a_group_begins_with_evidence_that_is_kept) {
  send({alert_from(1), alert_from(1), alert_from(2)});
  send({alert_from(1)});
  BOOST_TEST(text("SELECT string_agg(position || ' ' || kind, ', ' ORDER BY position, kind) FROM "
                  "kept_evidence") == "1 packet, 1 payload, 3 packet, 3 payload");
  BOOST_TEST(number("SELECT count(*) FROM kept_evidence k JOIN alert_group g ON g.id = k.group_id "
                    "AND g.first_alert = k.position WHERE sha256(k.bytes) = k.hash") == 4);
}

BOOST_AUTO_TEST_CASE(a_generation_ends_after_a_day_of_quiet_by_our_clock) {
  send({alert_from(1)});
  run("UPDATE alert_group SET state = 2");
  received += 24h;
  auto old_capture = alert_from(1);
  old_capture.captured_at = received - 48h;
  send({old_capture});
  BOOST_TEST(text("SELECT string_agg(generation || ' ' || live || ' ' || alerts || ' ' || state, "
                  "', ' ORDER BY id) FROM "
                  "alert_group") == "1 false 1 2, 2 true 1 0");
}

BOOST_AUTO_TEST_CASE(a_flood_of_attackers_collapses_and_stays_collapsed) {
  std::vector<detect::alert::alert> flood;
  for (std::uint32_t i = 0; i < 300; ++i)
    flood.push_back(alert_from(0x01000000 + i * 0x100));
  send(flood);
  BOOST_TEST(text("SELECT string_agg(attacker_level || ':' || n, ' ') FROM (SELECT attacker_level, "
                  "count(*) n FROM alert_group "
                  "GROUP BY 1 ORDER BY 1) s") == "0:256 1:44");
  BOOST_TEST(text("SELECT level || ' ' || attackers FROM attacker_spread") == "1 44");
  send({alert_from(0x01000001), alert_from(0x01000000 + 299 * 0x100 + 9)});
  BOOST_TEST(number("SELECT count(*) FROM alert_group") == 301);
  BOOST_TEST(number("SELECT sum(alerts) FROM alert_group") == 302);
  BOOST_TEST(
      number("SELECT alerts FROM alert_group WHERE attacker = '1.1.43.0' AND attacker_level = 1") ==
      2);
}

BOOST_AUTO_TEST_CASE(an_alert_without_addresses_and_one_of_ipv6_are_stored) {
  auto bare = alert_from(1);
  bare.tuple.reset();
  auto six = alert_from(1);
  six.tuple->source = *ip_address::parse("2001:db8::1");
  six.tuple->destination = *ip_address::parse("2001:db8::2");
  send({bare, six});
  BOOST_TEST(text("SELECT string_agg(host(victim) || ' ' || host(attacker), ', ' ORDER BY id) FROM "
                  "alert_group") == "0.0.0.0 0.0.0.0, 2001:db8::2 2001:db8::1");
}

BOOST_AUTO_TEST_CASE(a_day_without_partition_gets_one) {
  received += std::chrono::days{40};
  send({alert_from(1)});
  BOOST_TEST(number("SELECT count(*) FROM alert") == 1);
}

BOOST_AUTO_TEST_CASE(an_unknown_sensor_is_refused) {
  auto run_of_nobody = run_of({alert_from(1)});
  run_of_nobody.sensor = {4711};
  BOOST_TEST((alerts.commit({&run_of_nobody, 1}).error().why == store_error::code::refused));
}

BOOST_AUTO_TEST_SUITE_END()
