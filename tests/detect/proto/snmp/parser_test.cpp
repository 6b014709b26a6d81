#include "detect/proto/snmp/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::snmp;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string element(int tag, const std::string& content) {
  std::string made{static_cast<char>(tag)};
  if (content.size() > 127)
    made += static_cast<char>(0x82), made += static_cast<char>(content.size() >> 8);
  return made + static_cast<char>(content.size()) + content;
}
std::string number(int value) {
  return element(2, std::string(1, static_cast<char>(value)));
}
std::string variable(const std::string& hex) {
  return element(0x30, element(6, from_hex(hex)) + from_hex("0500"));
}
std::string pdu(int type, int error = 0, const std::string& variables = variable("2b06010201")) {
  return element(0xa0 + type, number(1) + number(error) + number(0) + element(0x30, variables));
}
std::string v2c(const std::string& inner, int version = 1) {
  return element(0x30, number(version) + element(4, "public") + inner);
}
std::string v3(const std::string& data, int model = 3) {
  const auto security = element(0x30, element(4, "engine") + number(1) + number(2) +
                                          element(4, "alice") + element(4, "") + element(4, ""));
  return element(0x30,
                 number(3) +
                     element(0x30, number(7) + number(100) + element(4, "\x03") + number(model)) +
                     element(4, security) + data);
}
std::string trap(int generic = 6) {
  return element(0xa4, element(6, from_hex("2b06010401")) + element(0x40, from_hex("0a000001")) +
                           number(generic) + number(5) + element(0x43, "\x01") +
                           element(0x30, variable("2b0601")));
}

struct flow {
  snmp::parser parser;
  const message& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const message&>(*parser.transactions()[i]);
  }
  std::string text(buffer_index id, std::size_t i = 0) {
    const auto found = tx(i).buffer(static_cast<buffer_id>(id), 0);
    return found ? std::string{as_text(*found)} : "(none)";
  }
  std::uint64_t value(field_index id, std::size_t i = 0) {
    return tx(i).field(static_cast<field_id>(id), 0).value_or(999);
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(snmp_parser)

BOOST_AUTO_TEST_CASE(a_request_shows_version_community_and_type) {
  flow f;
  BOOST_CHECK(feed(f.parser, to_server, v2c(pdu(1))) == parse_status::consumed);
  BOOST_TEST(f.text(buffer_index::community_ts) == "public");
  BOOST_TEST(f.text(buffer_index::usm_ts) == "(none)");
  BOOST_TEST(f.value(field_index::version_ts) == 2U);
  BOOST_TEST(f.value(field_index::pdu_type_ts) == 1U);
  BOOST_TEST(f.value(field_index::trap_type_ts) == 999U);
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"version":2,"pdu_type":"get_next_request","vars":["1.3.6.1.2.1"],"community":"public"})");
  BOOST_TEST(f.tx().is_done());
}

BOOST_AUTO_TEST_CASE(a_response_says_what_failed) {
  flow f;
  feed(f.parser, to_client, v2c(pdu(2, 2), 0));
  BOOST_TEST(f.value(field_index::version_tc) == 1U);
  BOOST_TEST(members_of(f.tx()).find(R"("error":"noSuchName")") != std::string::npos);
  feed(f.parser, to_client, v2c(pdu(2, 77), 0));
  BOOST_TEST(members_of(f.tx(1)).find(R"("error":"77")") != std::string::npos);
  feed(f.parser, to_server, v2c(pdu(5, 10), 0)); // non-repeaters, no error
  BOOST_TEST(members_of(f.tx(2)).find("error") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_trap_of_version_1_has_its_own_form) {
  flow f;
  feed(f.parser, to_server, v2c(trap(), 0));
  BOOST_TEST(f.value(field_index::trap_type_ts) == 6U);
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"version":1,"pdu_type":"trap_v1","trap_type":"enterpriseSpecific","trap_oid":"1.3.6.1.4.1",)"
      R"("trap_address":"10.0.0.1","vars":["1.3.6.1"],"community":"public"})");
}

BOOST_AUTO_TEST_CASE(version_3_shows_its_user_and_what_is_in_the_clear) {
  flow f;
  feed(f.parser, to_server,
       v3(element(0x30, element(4, "engine") + element(4, "context") + pdu(0))));
  BOOST_TEST(f.text(buffer_index::usm_ts) == "alice");
  BOOST_TEST(f.value(field_index::version_ts) == 3U);
  BOOST_TEST(f.value(field_index::pdu_type_ts) == 0U);
  feed(f.parser, to_server, v3(element(4, "secret")));
  BOOST_TEST(members_of(f.tx(1)) == R"({"version":3,"pdu_type":"encrypted","usm":"alice"})");
  feed(f.parser, to_server, v3(element(4, "secret"), 9));
  BOOST_TEST(f.has_event("unknown_security_model", 2));
}

BOOST_AUTO_TEST_CASE(a_change_of_version_is_named) {
  flow f;
  feed(f.parser, to_server, v2c(pdu(0), 0));
  feed(f.parser, to_client, v2c(pdu(2), 1));
  BOOST_TEST(!f.has_event("version_mismatch", 0));
  BOOST_TEST(f.has_event("version_mismatch", 1));
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_named) {
  const std::string fine = v2c(pdu(0));
  for (const std::string& bad :
       {std::string{"\x30"}, from_hex("300302 0102"), v2c("", 2), v2c(element(0xa9, "")),
        v2c(pdu(0, 0, element(0x30, element(4, "x")))), v2c(trap(9), 0), v3("x"),
        element(0x30, number(3) + element(0x30, "")), fine.substr(0, fine.size() - 1),
        v2c(pdu(0, 0, variable("2b86")))}) {
    flow f;
    BOOST_CHECK(feed(f.parser, to_server, bad) == parse_status::resynchronised);
    BOOST_TEST(f.has_event("malformed_data"));
  }
  flow f;
  feed(f.parser, to_server, "\x30");
  BOOST_TEST(!f.tx().is_logged());
}

BOOST_AUTO_TEST_CASE(variables_and_transactions_are_bounded) {
  std::string many;
  for (std::size_t i = 0; i < message::limit_variables + 10; ++i)
    many += variable("2b06");
  flow f;
  feed(f.parser, to_server, v2c(pdu(0, 0, many)));
  BOOST_TEST(f.tx().refused_variables() == 10U);
  for (std::size_t i = 0; i < 2 * snmp::parser::transaction_limit; ++i)
    feed(f.parser, to_server, v2c(pdu(0)));
  BOOST_TEST(f.parser.transactions().size() == snmp::parser::transaction_limit);
}

BOOST_AUTO_TEST_SUITE_END()
