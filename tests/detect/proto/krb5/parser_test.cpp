#include "detect/proto/krb5/parser.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::krb5;
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
std::string field(int number, const std::string& content) {
  return element(0xa0 + number, content);
}
std::string number(int value) {
  return element(2, std::string(1, static_cast<char>(value)));
}
std::string text(const std::string& value) {
  return element(0x1b, value);
}
std::string name(std::initializer_list<std::string> parts) {
  std::string strings;
  for (const auto& part : parts)
    strings += text(part);
  return element(0x30, field(0, number(2)) + field(1, element(0x30, strings)));
}
std::string encrypted(int type) {
  return element(0x30, field(0, number(type)) + field(2, element(4, "secret")));
}
std::string ticket(int type = 18) {
  return element(0x61, element(0x30, field(0, number(5)) + field(1, text("EXAMPLE.COM")) +
                                         field(2, name({"krbtgt", "EXAMPLE.COM"})) +
                                         field(3, encrypted(type))));
}
std::string request(int type = 10) {
  return element(0x60 + type,
                 element(0x30, field(1, number(5)) + field(2, number(type)) +
                                   field(4, element(0x30, field(1, name({"alice"})) +
                                                              field(2, text("EXAMPLE.COM")) +
                                                              field(3, name({"host", "db"}))))));
}
std::string reply(int encryption, int of_ticket = 18) {
  return element(0x6b,
                 element(0x30, field(0, number(5)) + field(1, number(11)) +
                                   field(3, text("EXAMPLE.COM")) + field(4, name({"alice"})) +
                                   field(5, ticket(of_ticket)) + field(6, encrypted(encryption))));
}
std::string error(int code) {
  return element(0x7e, element(0x30, field(0, number(5)) + field(1, number(30)) +
                                         field(6, number(code)) + field(9, text("EXAMPLE.COM")) +
                                         field(10, name({"krbtgt", "EXAMPLE.COM"}))));
}
std::string record(const std::string& message) {
  const auto size = message.size();
  return std::string{'\0', '\0', static_cast<char>(size >> 8), static_cast<char>(size)} + message;
}

struct flow {
  explicit flow(transport over = transport::udp) : parser{over} {}
  krb5::parser parser;
  const message& tx(std::size_t i = 0) {
    BOOST_REQUIRE(parser.transactions().size() > i);
    return static_cast<const message&>(*parser.transactions()[i]);
  }
  std::string text(buffer_index id, std::size_t instance = 0) {
    const auto found = tx().buffer(static_cast<buffer_id>(id), instance);
    return found ? std::string{as_text(*found)} : "(none)";
  }
  std::uint64_t value(field_index id) {
    return tx().field(static_cast<field_id>(id), 0).value_or(999);
  }
  bool has_event(std::string_view event, std::size_t i = 0) {
    const auto all = tx(i).events();
    return std::find(all.begin(), all.end(), event) != all.end();
  }
};

} // namespace

BOOST_AUTO_TEST_SUITE(krb5_parser)

BOOST_AUTO_TEST_CASE(a_request_shows_who_asks_for_what) {
  flow f;
  BOOST_CHECK(feed(f.parser, to_server, request(12)) == parse_status::consumed);
  BOOST_TEST(f.text(buffer_index::cname_ts) == "alice");
  BOOST_TEST(f.text(buffer_index::sname_ts, 0) == "host");
  BOOST_TEST(f.text(buffer_index::sname_ts, 1) == "db");
  BOOST_TEST(f.text(buffer_index::sname_ts, 2) == "(none)");
  BOOST_TEST(f.value(field_index::msg_type_ts) == 12U);
  BOOST_TEST(f.value(field_index::err_code_ts) == 999U);
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"msg_type":"KRB_TGS_REQ","cname":"alice","realm":"EXAMPLE.COM","sname":"host/db","encryption":"<none>","weak_encryption":false})");
}

BOOST_AUTO_TEST_CASE(a_reply_shows_both_encryptions_and_weak_ones_are_named) {
  flow f;
  feed(f.parser, to_client, reply(23));
  BOOST_TEST(f.has_event("weak_encryption"));
  BOOST_TEST(f.value(field_index::ticket_encryption_tc) == 18U);
  BOOST_TEST(members_of(f.tx()).ends_with(
      R"("sname":"krbtgt/EXAMPLE.COM","encryption":"rc4-hmac","weak_encryption":true,)"
      R"("ticket_encryption":"aes256-cts-hmac-sha1-96","ticket_weak_encryption":false})"));
  feed(f.parser, to_client, reply(20, 99));
  BOOST_TEST(!f.has_event("weak_encryption", 1));
  BOOST_TEST(
      members_of(f.tx(1)).ends_with(R"("ticket_encryption":"99","ticket_weak_encryption":true})"));
}

BOOST_AUTO_TEST_CASE(an_error_names_the_request_it_answers) {
  flow f;
  feed(f.parser, to_client, error(25));
  BOOST_TEST(members_of(f.tx()).starts_with(
      R"({"msg_type":"KRB_ERROR","failed_request":"UNKNOWN","error_code":"KDC_ERR_PREAUTH_REQUIRED","cname":"<empty>","realm":"<empty>","sname":"krbtgt/EXAMPLE.COM")"));
  BOOST_TEST(f.value(field_index::err_code_tc) == 25U);
  feed(f.parser, to_server, request(12));
  feed(f.parser, to_client, error(127));
  BOOST_TEST(members_of(f.tx(2)).starts_with(
      R"({"msg_type":"KRB_ERROR","failed_request":"KRB_TGS_REQ","error_code":"127")"));
}

BOOST_AUTO_TEST_CASE(messages_between_client_and_service_are_known) {
  flow f;
  feed(f.parser, to_server,
       element(0x6e, element(0x30, field(0, number(5)) + field(3, ticket(23)))));
  BOOST_TEST(f.value(field_index::msg_type_ts) == 14U);
  BOOST_TEST(f.value(field_index::ticket_encryption_ts) == 23U);
  feed(f.parser, to_client, element(0x6f, element(0x30, "")));
  BOOST_TEST(members_of(f.tx(1)).starts_with(R"({"msg_type":"KRB_AP_REP")"));
}

BOOST_AUTO_TEST_CASE(the_same_stream_gives_the_same_messages_however_it_is_cut) {
  const conversation talk{client(record(request()) + record(request(12))),
                          server(record(reply(23)) + record(error(7)))};
  const auto all = summaries_of_all_splits(
      [] { return std::make_unique<krb5::parser>(transport::tcp); }, krb5::description, talk);
  BOOST_TEST(all.front().find("tx 3") != std::string::npos);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(what_is_damaged_is_named) {
  const auto whole = request();
  for (const std::string& bad :
       {std::string{"x"}, element(0x6a, ""), element(0x6a, element(0x30, "x")),
        element(0x65, element(0x30, "")), whole.substr(0, whole.size() - 1),
        element(0x6a, element(0x30, field(4, element(0x30, field(1, number(1)))))),
        element(0x6b, element(0x30, field(5, element(0x62, "")))),
        element(0x7e, element(0x30, field(6, element(2, "123456789"))))}) {
    flow f;
    feed(f.parser, to_server, bad);
    BOOST_TEST(f.has_event("malformed_data"));
  }
  flow stream{transport::tcp};
  BOOST_CHECK(feed(stream.parser, to_server, from_hex("ffffffff")) == parse_status::malformed);
  BOOST_TEST(stream.has_event("malformed_data"));
  BOOST_TEST(!stream.tx().is_logged());
}

BOOST_AUTO_TEST_CASE(behind_a_gap_the_next_message_is_found) {
  flow f{transport::tcp};
  feed(f.parser, to_server, record(request()).substr(0, 20));
  f.parser.gap(to_server, 10);
  feed(f.parser, to_server, "the rest of it, or not");
  BOOST_TEST(f.parser.transactions().empty());
  feed(f.parser, to_server, record(request(12)));
  BOOST_TEST(f.value(field_index::msg_type_ts) == 12U);
}

BOOST_AUTO_TEST_CASE(sizes_are_bounded) {
  flow f{transport::tcp};
  std::string large{'\0', '\x02', '\0', '\0'};
  feed(f.parser, to_server, large + std::string(0x20000, 'x') + record(request()));
  BOOST_TEST(f.parser.transactions().size() == 2U);
  BOOST_TEST(f.has_event("malformed_data"));
  std::string strings;
  for (std::size_t i = 0; i < message::limit_name_parts + 8; ++i)
    strings += text("x");
  const auto long_name = element(0x30, field(1, element(0x30, strings)));
  flow names;
  feed(names.parser, to_server,
       element(0x6a, element(0x30, field(4, element(0x30, field(1, long_name))))));
  BOOST_TEST(names.tx().instances(0) == message::limit_name_parts);
}

BOOST_AUTO_TEST_SUITE_END()
