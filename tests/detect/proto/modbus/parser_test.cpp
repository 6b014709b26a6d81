#include "detect/proto/modbus/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::modbus;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string adu(unsigned id, std::string_view pdu_hex, unsigned unit = 10) {
  const auto pdu = from_hex(pdu_hex);
  const auto length = pdu.size() + 1;
  return std::string{static_cast<char>(id >> 8),
                     static_cast<char>(id),
                     '\0',
                     '\0',
                     static_cast<char>(length >> 8),
                     static_cast<char>(length),
                     static_cast<char>(unit)} +
         pdu;
}

struct flow {
  modbus::parser parser;
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  std::uint64_t number(field_index id, std::size_t instance = 0) {
    return tx().field(static_cast<field_id>(id), instance).value_or(99999);
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    for (const auto one : tx(i).events())
      if (one == event)
        return true;
    return false;
  }
  bool says(std::string_view text) { return members_of(tx()).find(text) != std::string::npos; }
};

} // namespace

BOOST_AUTO_TEST_SUITE(modbus_parser)

BOOST_AUTO_TEST_CASE(a_request_and_its_response_are_one_transaction) {
  flow f;
  BOOST_TEST((f.client(adu(7, "01 0001 0009")) == parse_status::consumed));
  BOOST_TEST(f.tx().is_done(to_server));
  BOOST_TEST(!f.tx().is_done(to_client));
  f.server(adu(7, "01 02 ff01"));
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.number(field_index::unit) == 10U);
  BOOST_TEST(f.number(field_index::read_address) == 1U);
  BOOST_TEST(f.number(field_index::read_quantity) == 9U);
  BOOST_TEST(f.says(R"("access_type":"READ | COILS")"));
  BOOST_TEST(f.says(R"("function_code":"RdCoils")"));
  BOOST_TEST(f.says(R"("category":"PUBLIC_ASSIGNED","error_flags":"NONE")"));
  BOOST_TEST(f.says(R"("read":{"data":"/wE="})"));
}

BOOST_AUTO_TEST_CASE(written_values_are_known_cell_by_cell) {
  flow coils;
  coils.client(adu(1, "0f 0010 000a 02 0502"));
  BOOST_TEST(coils.number(field_index::value, 0) == 1U);
  BOOST_TEST(coils.number(field_index::value, 1) == 0U);
  BOOST_TEST(coils.number(field_index::value, 9) == 1U);
  BOOST_TEST(coils.tx().field_instances(static_cast<field_id>(field_index::value)) == 10U);
  flow registers;
  registers.client(adu(1, "10 0010 0002 04 1234 5678"));
  BOOST_TEST(registers.number(field_index::value, 1) == 0x5678U);
  flow both;
  both.client(adu(1, "17 0001 0002 0003 0001 02 abcd"));
  BOOST_TEST(both.number(field_index::read_address) == 1U);
  BOOST_TEST(both.number(field_index::write_address) == 3U);
  BOOST_TEST(both.number(field_index::value) == 0xabcdU);
}

BOOST_AUTO_TEST_CASE(answers_come_in_any_order_and_without_a_question) {
  flow f;
  f.client(adu(1, "05 0002 ff00") + adu(2, "06 0003 0007"));
  f.server(adu(2, "06 0003 0007") + adu(1, "05 0002 0000") + adu(9, "05 0002 0000"));
  BOOST_TEST(f.parser.transactions().size() == 3U);
  BOOST_TEST(f.has_event("value_mismatch", 0));
  BOOST_TEST(f.tx(1).events().empty());
  BOOST_TEST(f.has_event("unsolicited_response", 2));
}

BOOST_AUTO_TEST_CASE(what_is_wrong_is_an_event) {
  const std::pair<std::string, std::string_view> cases[] = {
      {adu(1, "01 0001 07d1"), "invalid_value"},
      {adu(1, "05 0001 1234"), "invalid_value"},
      {adu(1, "0f 0001 000a 01 ff"), "invalid_length"},
      {adu(1, "03 0001"), "invalid_length"},
      {adu(1, "00"), "invalid_function_code"},
      {adu(1, "91"), "invalid_function_code"},
      {from_hex("0001 0001 0006 0a 01 0001 0001"), "invalid_protocol_id"},
      {from_hex("0001 0000 0001 0a"), "invalid_length"},
  };
  for (const auto& [bytes, event] : cases)
    BOOST_TEST_CONTEXT(event) {
      flow f;
      f.client(bytes);
      BOOST_TEST(f.has_event(event));
    }
  flow exception;
  exception.client(adu(1, "01 0001 0001"));
  exception.server(adu(1, "81 09"));
  BOOST_TEST(exception.has_event("invalid_exception_code"));
}

BOOST_AUTO_TEST_CASE(functions_have_their_category) {
  const std::pair<std::string_view, unsigned> cases[] = {
      {"01 0001 0001", public_assigned}, {"08 0000 a537", public_assigned},
      {"08 0016 a537", reserved},        {"2b 0e 01 00", public_assigned},
      {"2b 0f 01 00", reserved},         {"19 00", public_unassigned},
      {"42 00", user_defined},           {"5a 00", reserved}};
  for (const auto& [pdu, category] : cases)
    BOOST_TEST_CONTEXT(pdu) {
      flow f;
      f.client(adu(1, pdu));
      BOOST_TEST(f.number(field_index::category) == category);
    }
}

BOOST_AUTO_TEST_CASE(a_length_that_cannot_be_ends_the_direction) {
  flow f;
  BOOST_TEST((f.client(from_hex("0001 0000 0fff 0a 01")) == parse_status::malformed));
  BOOST_TEST((f.client(adu(1, "01 0001 0001")) == parse_status::malformed));
  BOOST_TEST(f.parser.transactions().size() == 1U);
  flow gap;
  BOOST_TEST((gap.parser.gap(to_server, 3) == parse_status::malformed));
}

BOOST_AUTO_TEST_CASE(a_flood_of_requests_is_told_and_bounded) {
  flow f;
  for (std::size_t i = 0; i <= modbus::parser::waiting_limit; ++i)
    f.client(adu(static_cast<unsigned>(i), "01 0001 0001"));
  BOOST_TEST(f.has_event("flooded", modbus::parser::waiting_limit));
  BOOST_TEST(f.tx(0).is_done());
}

BOOST_AUTO_TEST_CASE(any_split_of_the_bytes_says_the_same) {
  const conversation talk{
      cresset::test::client(adu(1, "01 0001 0009") + adu(2, "16 0004 00f2 0025")),
      cresset::test::server(adu(1, "01 02 ff01") + adu(2, "96 02")),
      cresset::test::client(adu(3, "2b 0e 01 00"))};
  const auto all = summaries_of_all_splits([] { return std::make_unique<modbus::parser>(); },
                                           modbus::description, talk);
  for (const auto& one : all)
    BOOST_TEST(one == all.front());
}

BOOST_AUTO_TEST_SUITE_END()
