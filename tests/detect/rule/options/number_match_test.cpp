#include "detect/rule/options/number_match.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::parsed;
using cresset::detect::rule::text::text_cursor;

namespace {

parsed<number_match> read(std::string_view keyword, std::string_view value) {
  const auto* entry = find_number_keyword(keyword);
  BOOST_REQUIRE(entry != nullptr);
  return parse_number_match(*entry, text_cursor{value});
}

} // namespace

BOOST_AUTO_TEST_SUITE(keywords_that_are_numbers)

BOOST_AUTO_TEST_CASE(stand_once_in_the_table_in_lower_case) {
  const auto table = number_keywords();
  for (std::size_t i = 1; i < table.size(); ++i)
    BOOST_CHECK_MESSAGE(table[i - 1].keyword < table[i].keyword, table[i].keyword);
  for (const auto& entry : table) {
    BOOST_CHECK(std::none_of(entry.keyword.begin(), entry.keyword.end(),
                             [](char c) { return c >= 'A' && c <= 'Z'; }));
    for (const auto& name : entry.form.names)
      BOOST_CHECK_MESSAGE(name.number <= entry.form.most, name.name);
  }
}

BOOST_AUTO_TEST_CASE(hold_what_their_text_says) {
  struct expectation {
    std::string_view keyword;
    std::string_view value;
    std::uint64_t inside;
    std::uint64_t outside;
  };
  for (const auto& [keyword, value, inside, outside] : std::initializer_list<expectation>{
           {"ttl", "<5", 4, 5},
           {"itype", "<= 8", 8, 9},
           {"icode", "!= 0", 1, 0},
           {"ip_proto", "PIM", 103, 6},
           {"ip_proto", "!tcp", 17, 6},
           {"seq", "0", 0, 1},
           {"tcp.mss", "536-1461", 537, 536},
           {"tls.version", "1.2", 0x0303, 0x0304},
           {"tls.version", "0x7f12", 0x7f12, 0x0303},
           {"dns.opcode", "!7-15", 7, 8},
           {"dns.rcode", "nxdomain", 3, 0},
           {"mqtt.type", "CONNACK", 2, 1},
           {"http2.errorcode", "INADEQUATE_SECURITY", 12, 0},
           {"websocket.opcode", "!ping", 1, 9},
           {"websocket.flags", "&0xc0=0x80", 0x81, 0xc0},
           {"ntp.mode", "!server", 3, 4},
           {"enip_command", "list_identity", 0x63, 4},
           {"krb5_err_code", "!0", 25, 0},
           {"ftp.dynamic_port", "59925-59927", 59926, 59927},
           {"http2.priority", ">250", 251, 250},
           {"rfb.secresult", " ok", 0, 1},
           {"dnp3_func", "unsolicited_response", 130, 1},
       }) {
    const auto made = read(keyword, value);
    BOOST_CHECK_MESSAGE(made && made->test(inside) && !made->test(outside),
                        keyword << ":" << value);
  }
}

BOOST_AUTO_TEST_CASE(take_a_side_an_instance_or_a_key_where_they_have_one) {
  BOOST_CHECK(read("flow.pkts", "toclient,3")->of == number_match::side::to_client);
  BOOST_CHECK(read("flow.bytes", "either, >=2")->of == number_match::side::either);
  BOOST_CHECK(!read("flow.pkts", "3"));
  BOOST_CHECK(read("flow.elephant", "toserver")->test.is_exact());
  BOOST_CHECK(read("filesize", "to_client, <100")->of == number_match::side::to_client);
  BOOST_CHECK(read("filesize", ">100MB")->of == number_match::side::total);
  BOOST_CHECK(read("urilen", "10<>20,raw")->raw);
  BOOST_CHECK(!read("urilen", "10,norm")->raw);
  BOOST_CHECK(read("ldap.responses.operation", "search_result_entry,-1")->instances.index == -1);
  BOOST_CHECK(read("vlan.id", ">100,all")->instances.which == instance_choice::kind::all);
  BOOST_CHECK(read("http2.window", "count >5")->instances.which == instance_choice::kind::count);
  const auto setting = read("http2.settings", "SETTINGS_HEADER_TABLE_SIZE>4096");
  BOOST_CHECK(setting && setting->key == 1 && setting->test(4097) && !setting->test(4096));
}

BOOST_AUTO_TEST_CASE(take_dates_as_seconds) {
  const auto after = read("tls_cert_notafter", ">2015");
  BOOST_CHECK(after && after->test(1'420'070'401) && !after->test(1'420'070'400));
  const auto between = read("tls_cert_notbefore", "1998-05-01<>2008-05-01");
  BOOST_CHECK(between && between->test(893'980'801) && !between->test(893'980'800));
  const auto exact = read("tls_cert_notafter", "2016-02-29 01:02:03");
  BOOST_CHECK(exact && exact->test(1'456'707'723));
  for (const auto* text :
       {"", "2015-02-29", "2015-13-01", "x", "2015-1-1-1", ">2015<>2016", "2016<>2015"})
    BOOST_CHECK_MESSAGE(!read("tls_cert_notafter", text), text);
}

BOOST_AUTO_TEST_CASE(are_refused_outside_what_the_field_can_hold) {
  for (const auto& [keyword, value] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{
           {"ttl", "256"},
           {"itype", ">255"},
           {"dns.opcode", "frob"},
           {"vlan.id", "4096"},
           {"vlan.id", "1,frob"},
           {"mqtt.qos", "3"},
           {"http2.settings", "frob=1"},
           {"flow.elephant", "frob"},
           {"urilen", "1,frob"}})
    BOOST_CHECK_MESSAGE(!read(keyword, value), keyword << ":" << value);
  BOOST_CHECK(find_number_keyword("frob") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()
