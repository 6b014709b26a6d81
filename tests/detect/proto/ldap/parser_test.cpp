#include "detect/proto/ldap/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::ldap;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string element(int tag, const std::string& content) {
  std::string made{static_cast<char>(tag)};
  if (content.size() > 127) {
    made += static_cast<char>(0x82);
    made += static_cast<char>(content.size() >> 8);
  }
  return made + static_cast<char>(content.size()) + content;
}
std::string text(const std::string& value) {
  return element(4, value);
}
std::string number(int value, int tag = 2) {
  return element(tag, std::string(1, static_cast<char>(value)));
}
std::string message(int id, int op, const std::string& content) {
  return element(0x30, number(id) + element(op, content));
}
std::string attribute(const std::string& type, const std::string& value) {
  return element(0x30, text(type) + element(0x31, text(value)));
}
std::string result(int code = 0, const std::string& dn = "", const std::string& why = "") {
  return number(code, 10) + text(dn) + text(why);
}
std::string search(int id, const std::string& filter = element(0x87, "objectClass")) {
  return message(id, 0x63,
                 text("dc=example") + number(2, 10) + number(0, 10) + number(5) + number(6) +
                     number(0, 1) + filter + element(0x30, text("cn") + text("mail")));
}
std::string entry(int id, const std::string& dn = "cn=a,dc=example") {
  return message(id, 0x64, text(dn) + element(0x30, attribute("cn", "a") + attribute("mail", "b")));
}
std::string done(int id, int code = 0) {
  return message(id, 0x65, result(code, "dc=x", "why"));
}
std::string bind(int id, const std::string& authentication = element(0x80, "secret")) {
  return message(id, 0x60, number(3) + text("cn=admin") + authentication);
}

struct flow {
  explicit flow(transport over = transport::tcp, std::size_t most = 16)
      : parser{ldap::settings{.max_transactions = most}, over} {}
  ldap::parser parser;
  parse_status client(const std::string& bytes) { return feed(parser, to_server, bytes); }
  parse_status server(const std::string& bytes) { return feed(parser, to_client, bytes); }
  const exchange& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const exchange&>(*parser.transactions()[i]);
  }
  std::string buffer(buffer_index id, std::size_t instance = 0, std::size_t i = 0) {
    const auto found = tx(i).buffer(static_cast<buffer_id>(id), instance);
    return found ? std::string{as_text(*found)} : "(none)";
  }
  std::uint64_t value(field_index id, std::size_t instance = 0) {
    return tx().field(static_cast<field_id>(id), instance).value_or(999);
  }
  std::string json(std::size_t i = 0) { return members_of(tx(i)); }
  bool has(const std::string& part, std::size_t i = 0) {
    return json(i).find(part) != std::string::npos;
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ldap_parser)

BOOST_AUTO_TEST_CASE(a_search_and_its_answers_are_one_transaction) {
  flow f;
  f.client(search(2));
  BOOST_TEST(f.tx().is_done(to_server));
  BOOST_TEST(f.buffer(buffer_index::request_dn) == "dc=example");
  BOOST_TEST(f.buffer(buffer_index::request_attribute_type, 1) == "mail");
  f.server(entry(2) + entry(2, "cn=b,dc=example"));
  BOOST_TEST(!f.tx().is_done());
  f.server(done(2, 4));
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.value(field_index::request_operation) == 3U);
  BOOST_TEST(f.value(field_index::responses_operation, 0) == 4U);
  BOOST_TEST(f.value(field_index::responses_operation, 2) == 5U);
  BOOST_TEST(f.value(field_index::responses_result_code, 0) == 999U);
  BOOST_TEST(f.value(field_index::responses_result_code, 2) == 4U);
  BOOST_TEST(f.value(field_index::responses_count) == 3U);
  BOOST_TEST(f.buffer(buffer_index::responses_dn, 1) == "cn=b,dc=example");
  BOOST_TEST(f.buffer(buffer_index::responses_dn, 2) == "dc=x");
  BOOST_TEST(f.buffer(buffer_index::responses_message) == "why");
  BOOST_TEST(f.buffer(buffer_index::responses_attribute_type, 3) == "mail");
  BOOST_TEST(f.has(
      R"("request":{"message_id":2,"operation":"search_request","search_request":{"base_object":"dc=example","scope":2,"deref_alias":0,"size_limit":5,"time_limit":6,"types_only":false,"filter":{"type":"present","value":"objectClass"},"attributes":["cn","mail"]}})"));
  BOOST_TEST(f.has(
      R"({"operation":"search_result_entry","search_result_entry":{"base_object":"cn=a,dc=example","attributes":[{"name":"cn","values":["a"]},{"name":"mail","values":["b"]}]})"));
  BOOST_TEST(f.has(
      R"("search_result_done":{"result_code":"size_limit_exceeded","matched_dn":"dc=x","message":"why"})"));
}

BOOST_AUTO_TEST_CASE(every_request_is_written_with_its_fields) {
  const auto shows = [](const std::string& bytes, const std::string& part) {
    flow f;
    f.client(bytes);
    BOOST_TEST(f.has(part), f.json() + " lacks " + part);
    BOOST_TEST(f.tx().events().empty());
  };
  shows(bind(1), R"("bind_request":{"version":3,"name":"cn=admin"}})");
  shows(bind(1, element(0xa3, text("GSSAPI") + text("token"))), R"("sasl":{"mechanism":"GSSAPI"})");
  shows(element(0x30, number(1) + element(0x42, "")), R"("operation":"unbind_request"})");
  shows(
      message(1, 0x66,
              text("cn=a") + element(0x30, element(0x30, number(2, 10) + attribute("mail", "x")))),
      R"("modify_request":{"object":"cn=a","changes":[{"operation":"replace","modification":{"attribute_type":"mail","attribute_values":["x"]}}]})");
  shows(message(1, 0x68, text("cn=a") + element(0x30, attribute("cn", "a"))),
        R"("add_request":{"entry":"cn=a","attributes":[{"name":"cn","values":["a"]}]})");
  shows(message(1, 0x4a, "cn=old"), R"("del_request":{"dn":"cn=old"})");
  shows(
      message(1, 0x6c, text("cn=a") + text("cn=b") + number(-1, 1) + element(0x80, "ou=x")),
      R"("mod_dn_request":{"entry":"cn=a","new_rdn":"cn=b","delete_old_rdn":true,"new_superior":"ou=x"})");
  shows(
      message(1, 0x6e, text("cn=a") + element(0x30, text("role") + text("boss"))),
      R"("compare_request":{"entry":"cn=a","attribute_value_assertion":{"description":"role","value":"boss"}})");
  shows(message(1, 0x50, "\x07"), R"("abandon_request":{"message_id":7})");
  shows(message(1, 0x77, element(0x80, "1.2.3") + element(0x81, "v")),
        R"("extended_request":{"name":"1.2.3","value":"v"})");
}

BOOST_AUTO_TEST_CASE(every_response_is_written_with_its_fields) {
  const auto shows = [](const std::string& bytes, const std::string& part) {
    flow f;
    f.server(bytes);
    BOOST_TEST(f.has(part), f.json() + " lacks " + part);
  };
  shows(
      message(1, 0x61, result(49, "", "no") + element(0x87, "creds")),
      R"("bind_response":{"result_code":"invalid_credentials","matched_dn":"","message":"no","server_sasl_creds":"creds"})");
  shows(message(1, 0x73, text("ldap://a")), R"("search_result_reference":{"uris":["ldap://a"]})");
  shows(
      message(1, 0x67, result(10) + element(0xa3, text("ldap://b"))),
      R"("modify_response":{"result_code":"referral","matched_dn":"","message":"","referral":["ldap://b"]})");
  shows(message(1, 0x6b, result(99)), R"("del_response":{"result_code":"99")");
  shows(
      message(1, 0x78, result() + element(0x8a, "1.2") + element(0x8b, "v")),
      R"("extended_response":{"result_code":"success","matched_dn":"","message":"","name":"1.2","value":"v"})");
  shows(message(1, 0x79, element(0x80, "1.2") + element(0x81, "v")),
        R"("intermediate_response":{"name":"1.2","value":"v"})");
}

BOOST_AUTO_TEST_CASE(filters_are_written_as_trees_of_bounded_depth) {
  const auto equal = element(0xa3, text("cn") + text("a"));
  const auto sub =
      element(0xa4, text("cn") + element(0x30, element(0x80, "a") + element(0x82, "z")));
  const auto rule =
      element(0xa9, element(0x81, "1.2") + element(0x83, "v") + element(0x84, "\xff"));
  flow f;
  f.client(search(1, element(0xa0, equal + element(0xa2, sub) + rule)));
  BOOST_TEST(f.has(
      R"("filter":{"type":"and","filters":[{"type":"equality_match","description":"cn","value":"a"},)"
      R"({"type":"not","filters":[{"type":"substrings","description":"cn","substrings":[{"initial":"a"},{"final":"z"}]}]},)"
      R"({"type":"extensible_match","matching_rule":"1.2","value":"v","dn_attributes":true}]})"));
  auto deep = equal;
  for (int i = 0; i < 40; ++i)
    deep = element(0xa2, deep);
  f.client(search(2, deep));
  BOOST_TEST(f.has(R"({"type":"unknown"})", 1));
}

BOOST_AUTO_TEST_CASE(the_same_stream_gives_the_same_transactions_however_it_is_cut) {
  const conversation talk{
      client(bind(1) + search(2)), server(message(1, 0x61, result()) + entry(2)),
      client(message(3, 0x4a, "cn=x")), server(done(2) + message(3, 0x6b, result())),
      client(element(0x30, number(4) + element(0x42, "")))};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<ldap::parser>(ldap::settings{}, transport::tcp); },
      ldap::description, talk);
  BOOST_TEST(all.front().find("tx 3 progress 255/255") != std::string::npos);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(a_granted_start_tls_changes_the_protocol) {
  const auto ask = message(1, 0x77, element(0x80, "1.3.6.1.4.1.1466.20037"));
  flow f;
  f.client(ask);
  BOOST_CHECK(f.server(message(1, 0x78, result())) == parse_status::changed);
  BOOST_CHECK(f.client("\x16\x03\x01") == parse_status::changed);
  BOOST_TEST(f.parser.left_over(to_server).size() == 3U);
  BOOST_TEST(f.tx().is_done());
  flow refused;
  refused.client(ask);
  BOOST_CHECK(refused.server(message(1, 0x78, result(2))) == parse_status::consumed);
}

BOOST_AUTO_TEST_CASE(behind_a_sasl_bind_bytes_may_be_protected) {
  flow f;
  f.client(bind(1, element(0xa3, text("GSSAPI"))));
  f.server(message(1, 0x61, result()));
  BOOST_CHECK(f.client(from_hex("00000040 6060")) == parse_status::finished);
  BOOST_TEST(f.parser.transactions().size() == 1U);
  flow plain;
  plain.client(bind(1));
  BOOST_CHECK(plain.client(from_hex("00000040 6060")) == parse_status::malformed);
  BOOST_TEST(plain.has_event("invalid_data", 1));
}

BOOST_AUTO_TEST_CASE(answers_without_a_request_are_told) {
  flow f;
  f.server(entry(5) + done(5));
  BOOST_TEST(f.parser.transactions().size() == 1U);
  BOOST_TEST(f.has_event("request_not_found"));
  f.server(message(0, 0x78, result(52)));
  BOOST_TEST(!f.has_event("request_not_found", 1)); // a notice of disconnection
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_named) {
  for (const std::string& bad :
       {element(0x30, ""), element(0x30, number(1)), element(0x30, number(-1) + element(0x42, "")),
        element(0x30, number(1) + element(0x51, "")), element(0x30, number(1) + text("x")),
        message(1, 0x63, text("x")), message(1, 0x60, "x"), message(1, 0x66, text("x") + "x"),
        message(1, 0x68, text("x") + element(0x30, "x")), message(1, 0x6e, text("x")),
        message(1, 0x6c, text("x")), message(1, 0x50, ""), message(1, 0x77, "x"),
        message(1, 0x61, "x"), message(1, 0x73, "x")}) {
    flow f;
    f.client(bad);
    BOOST_TEST(f.has_event("invalid_data"));
    members_of(f.tx());
  }
}

BOOST_AUTO_TEST_CASE(datagrams_are_messages) {
  flow f{transport::udp};
  f.client(search(7));
  f.server(entry(7) + done(7)); // two in one datagram
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.parser.transactions().size() == 1U);
  f.client("nonsense");
  BOOST_TEST(f.has_event("invalid_data", 1));
  BOOST_TEST(!f.tx(1).is_logged());
}

BOOST_AUTO_TEST_CASE(behind_a_gap_the_next_message_is_found) {
  flow f;
  f.client(search(1).substr(0, 12));
  f.parser.gap(to_server, 40);
  f.client("middle of something");
  BOOST_TEST(f.parser.transactions().empty());
  f.client(bind(2));
  BOOST_TEST(f.tx().message_id() == 2);
}

BOOST_AUTO_TEST_CASE(an_abandoned_request_waits_no_longer) {
  flow f;
  f.client(search(7) + message(8, 0x50, "\x07"));
  BOOST_TEST(f.tx(0).is_done());
  BOOST_TEST(f.tx(1).is_done());
}

BOOST_AUTO_TEST_CASE(waiting_requests_and_answers_are_bounded) {
  flow f{transport::tcp, 4};
  for (int i = 1; i <= 6; ++i)
    f.client(search(i));
  BOOST_TEST(f.has_event("too_many_transactions", 0));
  BOOST_TEST(!f.has_event("too_many_transactions", 5));
  for (int i = 0; i < 20; ++i)
    f.client(search(50 + i));
  BOOST_TEST(f.parser.transactions().size() == 8U);
  BOOST_TEST(f.parser.refused() > 0U);
  flow many;
  many.client(search(1));
  for (std::size_t i = 0; i < 2 * exchange::limit_responses; ++i)
    many.server(entry(1));
  many.server(done(1));
  BOOST_TEST(many.tx().responses().size() == exchange::limit_responses);
  BOOST_TEST(many.value(field_index::responses_count) == 2 * exchange::limit_responses + 1);
  flow large;
  large.server(std::string{'\x30', '\x83', '\x02', '\0', '\0'} + std::string(0x20000, 'x') +
               done(3));
  BOOST_TEST(large.has_event("incomplete_data"));
  BOOST_TEST(large.tx(1).is_done());
}

BOOST_AUTO_TEST_CASE(an_end_ends_what_waits) {
  flow f;
  f.client(search(1) + bind(2).substr(0, 5));
  f.parser.end(to_server);
  BOOST_TEST(f.has_event("incomplete_data", 1));
  BOOST_TEST(!f.tx().is_done());
  f.parser.end(to_client);
  BOOST_TEST(f.tx().is_done());
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
