#include "detect/proto/ftp/data_parser.hpp"

#include "detect/proto/ftp/parser.hpp"
#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ftp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::unique_ptr<data_parser> data_connection() {
  return std::make_unique<data_parser>(
      std::make_shared<transfer>(transfer::command::retr, "temp.txt"), no_digests);
}

} // namespace

BOOST_AUTO_TEST_SUITE(ftp_data)

BOOST_AUTO_TEST_CASE(the_bytes_are_one_file_with_the_name_of_the_command) {
  const auto p = data_connection();
  feed(*p, to_client, "hello ");
  feed(*p, to_client, "world");
  feed(*p, to_server, "not part of it");
  BOOST_REQUIRE(p->transactions().size() == 1U);
  const auto& tx = *p->transactions().front();
  BOOST_TEST(!tx.file(to_client, 0).content.complete);
  p->end(to_client);
  BOOST_TEST(tx.is_done());
  BOOST_TEST(tx.files(to_server) == 0U);
  BOOST_TEST(tx.file(to_client, 0).name == "temp.txt");
  BOOST_TEST(as_text(tx.file(to_client, 0).content.bytes) == "hello world");
  BOOST_TEST((tx.field(1, 0) == 2U));
  BOOST_TEST(members_of(tx) == R"({"filename":"temp.txt","command":"RETR"})");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_file_however_they_are_cut) {
  const conversation session{server("some bytes of a file")};
  for (const auto& all = summaries_of_all_splits(data_connection, data_description, session);
       const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(a_gap_cuts_the_file_and_what_was_released_does_not_come_again) {
  const auto p = data_connection();
  feed(*p, to_client, "abc");
  BOOST_CHECK(p->gap(to_client, 5) == parse_status::resynchronised);
  feed(*p, to_client, "def");
  p->end(to_client);
  const auto file = p->transactions().front()->file(to_client, 0);
  BOOST_TEST(file.truncated);
  BOOST_TEST(file.content.total == 11U);
  p->release(0);
  feed(*p, to_client, "more");
  BOOST_TEST(p->transactions().empty());
}

BOOST_AUTO_TEST_CASE(a_stream_that_is_not_followed_to_its_end_leaves_a_truncated_file) {
  const auto p = data_connection();
  feed(*p, to_client, "abc");
  p->gap(to_client, 0);
  p->end(to_client);
  const auto file = p->transactions().front()->file(to_client, 0);
  BOOST_TEST(file.truncated);
  BOOST_TEST(!file.content.has_gap);
  BOOST_TEST(p->transactions().front()->is_done());
}

BOOST_AUTO_TEST_CASE(without_an_announcement_it_is_a_file_without_a_name) {
  data_parser p{nullptr, no_digests};
  feed(p, to_server, "x");
  p.end(to_server);
  BOOST_TEST(members_of(*p.transactions().front()) == "{}");
  BOOST_TEST(!p.transactions().front()->field(0, 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_transfer_announces_the_connection_named_before_it) {
  ftp::parser control;
  feed(control, to_server, "PASV\r\n");
  feed(control, to_client, "220 hi\r\n227 Entering Passive Mode (192,0,2,3,15,160)\r\n");
  BOOST_TEST(control.take_announcements().empty());
  feed(control, to_server, "RETR a b.txt\r\nRETR again\r\n");
  const auto passive = control.take_announcements();
  BOOST_REQUIRE(passive.size() == 1U); // the port was for one transfer
  BOOST_TEST(passive[0].port == 4000);
  BOOST_CHECK(passive[0].listener == to_server);
  BOOST_TEST(dynamic_cast<const transfer&>(*passive[0].what).file_name() == "a b.txt");
  feed(control, to_server, "EPRT |1|192.0.2.1|5000|\r\nSTOR up\r\n");
  const auto active = control.take_announcements();
  BOOST_REQUIRE(active.size() == 1U);
  BOOST_CHECK(active[0].listener == to_client);
  BOOST_CHECK(dynamic_cast<const transfer&>(*active[0].what).which() == transfer::command::stor);
  BOOST_TEST(control.take_announcements().empty());
}

BOOST_AUTO_TEST_CASE(a_port_of_somebody_else_is_a_bounce) {
  const auto bounces = [](std::string_view command) {
    ftp::parser control{ip_address::parse("192.0.2.1")};
    feed(control, to_server, command);
    return *control.transactions().front()->field(static_cast<field_id>(field_index::bounce), 0);
  };
  BOOST_TEST(bounces("PORT 192,0,2,1,15,160\r\n") == 0U);
  BOOST_TEST(bounces("PORT 192,0,2,9,0,80\r\n") == 1U);
  BOOST_TEST(bounces("EPRT |1|192.0.2.9|80|\r\n") == 1U);
  BOOST_TEST(bounces("PORT nothing\r\n") == 0U);
  BOOST_TEST(bounces("EPRT ||\r\n") == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
