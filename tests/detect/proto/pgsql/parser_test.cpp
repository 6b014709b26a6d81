#include "detect/proto/pgsql/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::pgsql;
using namespace cresset::test;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string number(std::uint32_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16),
          static_cast<char>(value >> 8), static_cast<char>(value)};
}
std::string untyped(const std::string& body) {
  return number(static_cast<std::uint32_t>(body.size() + 4)) + body;
}
std::string message(char type, const std::string& body) {
  return type + untyped(body);
}
std::string zero_ended(std::string_view text) {
  return std::string{text} + '\0';
}

const auto startup = untyped(number(196608) + zero_ended("user") + zero_ended("rep") +
                             zero_ended("database") + zero_ended("mail") + '\0');
const auto ready = message('Z', "I");
const std::string rows = message('T', std::string{"\0\2", 2} + "…") + message('D', "abcd") +
                         message('D', "ef") + message('C', zero_ended("SELECT 2")) + ready;

const conversation session{
    client(untyped(number(80877103))),
    server("N"),
    client(startup),
    server(message('R', number(5) + "salt")),
    client(message('p', zero_ended("md5secret"))),
    server(message('R', number(0)) + message('S', zero_ended("server_version") + zero_ended("15")) +
           message('K', number(77) + number(88)) + ready),
    client(message('Q', zero_ended("select * from t"))),
    server(rows),
    client(message('P', zero_ended("") + zero_ended("select $1") + std::string(2, '\0')) +
           message('B', "x") + message('E', "x") + message('S', "")),
    server(message('1', "") + message('2', "") + message('C', zero_ended("SELECT 0")) + ready),
    client(message('Q', zero_ended("nonsense"))),
    server(message('E', zero_ended("SERROR") + zero_ended("VERROR") + zero_ended("C42601") +
                            zero_ended("Msyntax error") + zero_ended("P1") + '\0') +
           ready),
    client(message('X', ""))};

struct flow {
  pgsql::parser parser;
  explicit flow(const pgsql::settings& wanted = {}) : parser{wanted} {}
  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const transaction& tx(std::size_t i) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return *parser.transactions()[i];
  }
  bool has(std::size_t i, std::string_view event) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
  std::string query(std::size_t i) {
    const auto bytes = tx(i).buffer(static_cast<buffer_id>(buffer_index::query), 0);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(pgsql_parser)

BOOST_AUTO_TEST_CASE(requests_and_their_responses_are_exchanges) {
  flow f;
  for (const auto& [way, bytes] : session)
    feed(f.parser, way, bytes);
  BOOST_REQUIRE(f.parser.transactions().size() == 7U);
  BOOST_TEST(
      members_of(f.tx(0)) ==
      R"({"tx_id":0,"request":{"message":"SSL Request"},"response":{"ssl_accepted":false}})");
  BOOST_TEST(members_of(f.tx(1)) ==
             R"({"tx_id":1,"request":{"protocol_version":"3.0","startup_parameters":{"user":"rep",)"
             R"("optional_parameters":[{"database":"mail"}]}},)"
             R"("response":{"authentication_md5_password":"salt"}})");
  BOOST_TEST(members_of(f.tx(2)) ==
             R"({"tx_id":2,"request":{"password_redacted":true},"response":{)"
             R"("message":"authentication_ok","parameter_status":[{"server_version":"15"}],)"
             R"("process_id":77,"secret_key":88}})");
  BOOST_TEST(
      members_of(f.tx(3)) ==
      R"({"tx_id":3,"request":{"simple_query":"select * from t"},"response":{"field_count":2,)"
      R"("data_rows":2,"data_size":6,"command_completed":"SELECT 2"}})");
  BOOST_TEST(members_of(f.tx(4)) ==
             R"({"tx_id":4,"request":{"message":"extended_query","query":"select $1"},)"
             R"("response":{"command_completed":"SELECT 0"}})");
  BOOST_TEST(members_of(f.tx(5)) ==
             R"({"tx_id":5,"request":{"simple_query":"nonsense"},"response":{)"
             R"("severity_localizable":"ERROR","severity_non_localizable":"ERROR","code":"42601",)"
             R"("message":"syntax error"}})");
  BOOST_TEST(members_of(f.tx(6)) == R"({"tx_id":6,"request":{"message":"terminate"}})");
  for (std::size_t i = 0; i < 7; ++i) {
    BOOST_TEST(f.tx(i).is_done());
    BOOST_TEST(f.tx(i).events().empty());
  }
  BOOST_TEST(f.query(3) == "select * from t");
  BOOST_TEST(f.query(4) == "select $1");
  BOOST_TEST(f.query(2) == "(none)");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_exchanges_however_they_are_cut) {
  const auto all =
      summaries_of_all_splits([] { return std::make_unique<pgsql::parser>(pgsql::settings{}); },
                              pgsql::description, session);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(behind_a_granted_ssl_request_the_flow_changes) {
  flow f;
  f.client(untyped(number(80877103)));
  BOOST_CHECK(f.server("S\x16\x03") == parse_status::changed);
  BOOST_TEST(members_of(f.tx(0)).find(R"("ssl_accepted":true)") != std::string::npos);
  flow unseen; // a flow of which only the client is seen
  unseen.client(untyped(number(80877103)));
  const std::string_view hello = "\x16\x03\x01";
  BOOST_CHECK(unseen.parser.bytes(to_server, as_bytes(hello), {}) == parse_status::changed);
  BOOST_TEST(as_text(unseen.parser.left_over(to_server)) == hello);
}

BOOST_AUTO_TEST_CASE(sasl_takes_one_exchange_a_step_and_passwords_are_logged_on_wish) {
  flow f{pgsql::settings{.log_passwords = true}};
  f.client(startup);
  f.server(message('R', number(10) + zero_ended("SCRAM-SHA-256") + '\0'));
  f.client(message('p', zero_ended("SCRAM-SHA-256") + number(3) + "n,,"));
  f.server(message('R', number(11) + "r=x"));
  f.client(message('p', "c=y"));
  f.server(message('R', number(12) + "v=z") + message('R', number(0)) + ready);
  BOOST_REQUIRE(f.parser.transactions().size() == 3U);
  BOOST_TEST(members_of(f.tx(1)).find(
                 R"("sasl_authentication_mechanism":"SCRAM-SHA-256","sasl_param":"n,,")") !=
             std::string::npos);
  BOOST_TEST(members_of(f.tx(1)).find(R"("authentication_sasl_continue":"r=x")") !=
             std::string::npos);
  BOOST_TEST(members_of(f.tx(2)).find(R"("sasl_response":"c=y")") != std::string::npos);
  BOOST_TEST(f.tx(2).is_done());
  flow clear{pgsql::settings{.log_passwords = true}};
  clear.client(startup);
  clear.server(message('R', number(3)));
  clear.client(message('p', zero_ended("open")));
  BOOST_TEST(members_of(clear.tx(1)).find(R"("password":"open")") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(copied_data_is_counted) {
  flow f;
  f.client(startup + message('Q', zero_ended("copy t from stdin")));
  f.server(message('R', number(0)) + ready + message('G', std::string{"\0\0\3", 3}));
  f.client(message('d', "abc") + message('d', "de") + message('c', ""));
  f.server(message('C', zero_ended("COPY 2")) + ready);
  BOOST_TEST(members_of(f.tx(1)).find(R"("copy_in_response":{"columns":3})") != std::string::npos);
  BOOST_TEST(members_of(f.tx(2)).find(R"("copy_data_in":{"msg_count":2,"data_size":5})") !=
             std::string::npos);
  f.client(message('Q', zero_ended("copy t to stdout")));
  f.server(message('H', std::string{"\0\0\2", 3}) + message('d', "abc") + message('c', "") + ready);
  BOOST_TEST(members_of(f.tx(3)).find(R"("copy_data_out":{"row_cnt":1,"data_size":3})") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_cancel_is_a_flow_of_its_own) {
  flow f;
  f.client(untyped(number(80877102) + number(77) + number(88)));
  BOOST_TEST(
      members_of(f.tx(0)) ==
      R"({"tx_id":0,"request":{"message":"cancel_request","process_id":77,"secret_key":88}})");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_is_an_event) {
  flow f;
  BOOST_CHECK(f.client(number(3) + number(0)) == parse_status::malformed);
  BOOST_TEST(f.has(0, "invalid_length"));
  flow type;
  type.client(startup + message('?', ""));
  BOOST_TEST(type.has(1, "malformed_request"));
  type.server(message('?', ""));
  BOOST_TEST(type.has(0, "malformed_response"));
  BOOST_CHECK(type.server("D\xff\xff\xff\xff") == parse_status::malformed);
  flow old;
  old.client(untyped(number(131072) + zero_ended("x")));
  BOOST_TEST(old.has(0, "malformed_request"));
  flow short_one;
  BOOST_CHECK(short_one.client(number(5) + "x") == parse_status::malformed);
}

BOOST_AUTO_TEST_CASE(memory_is_bounded) {
  flow f{pgsql::settings{.max_transactions = 4}};
  f.client(startup + message('Q', std::string(200'000, 'q')));
  BOOST_TEST(f.query(1).size() == pgsql::parser::message_limit_bytes);
  for (int i = 0; i < 20; ++i)
    f.client(message('Q', "x"));
  BOOST_TEST(f.parser.transactions().size() == 4U);
  BOOST_TEST(f.has(3, "too_many_transactions"));
  BOOST_TEST(f.parser.refused() > 0U);
  f.parser.end(to_server);
  f.parser.end(to_client);
  while (!f.parser.transactions().empty())
    f.parser.release(f.parser.transactions().front()->number());
}

BOOST_AUTO_TEST_CASE(a_gap_is_passed_over_only_inside_what_is_skipped) {
  flow f;
  f.client(startup);
  f.server(message('D', std::string(100, 'x')).substr(0, 20));
  BOOST_CHECK(f.parser.gap(to_client, 85) == parse_status::resynchronised);
  BOOST_CHECK(f.server(ready) == parse_status::consumed);
  BOOST_CHECK(f.parser.gap(to_client, 1) == parse_status::malformed);
}

BOOST_AUTO_TEST_SUITE_END()
