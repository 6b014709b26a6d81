#include "detect/proto/dns/message.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::dns;
using cresset::test::from_hex;
using cresset::test::members_of;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

std::string head(std::string_view flags, int questions, int answers = 0, int authorities = 0,
                 int additionals = 0) {
  std::string bytes = from_hex("0001") + from_hex(flags);
  for (const int count : {questions, answers, authorities, additionals}) {
    bytes += static_cast<char>(count >> 8);
    bytes += static_cast<char>(count);
  }
  return bytes;
}
const std::string www_de = from_hex("03777777 026465 00");
const std::string question = www_de + from_hex("0001 0001");
/// A record for the first question's name.
std::string record_of(std::string_view type, const std::string& rdata) {
  return from_hex("c00c") + from_hex(type) + from_hex("0001 0000003a") +
         static_cast<char>(rdata.size() >> 8) + static_cast<char>(rdata.size()) + rdata;
}
std::string json_of(const std::string& bytes, direction way) {
  message one{7, way};
  BOOST_REQUIRE(one.read(as_bytes(bytes)));
  return members_of(one);
}
bool has_event(const message& one, std::string_view name) {
  for (const auto event : one.events())
    if (event == name)
      return true;
  return false;
}
std::string text(const message& one, buffer_index id, std::size_t instance) {
  const auto bytes = one.buffer(static_cast<buffer_id>(id), instance);
  BOOST_REQUIRE(bytes.has_value());
  return std::string{as_text(*bytes)};
}

} // namespace

BOOST_AUTO_TEST_SUITE(dns_message)

BOOST_AUTO_TEST_CASE(a_query_is_done_in_both_directions_and_shows_its_question) {
  message one{0, to_server};
  BOOST_REQUIRE(one.read(as_bytes(head("0100", 1) + question)));
  BOOST_TEST(one.is_done());
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::query)) == 1U);
  BOOST_TEST(text(one, buffer_index::query, 0) == "www.de");
  BOOST_TEST(text(one, buffer_index::queries_rrname_ts, 0) == "www.de");
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::queries_rrname_tc)) == 0U);
  BOOST_TEST(one.field(static_cast<field_id>(field_index::opcode_ts), 0).value() == 0U);
  BOOST_TEST(one.field(static_cast<field_id>(field_index::rrtype_ts), 0).value() == 1U);
  BOOST_TEST(!one.field(static_cast<field_id>(field_index::rcode_tc), 0).has_value());
}

BOOST_AUTO_TEST_CASE(a_query_is_written_as_the_event_log_knows_it) {
  BOOST_TEST(
      json_of(head("0140", 1) + question, to_server) ==
      R"({"version":3,"type":"request","tx_id":7,"id":1,"flags":"140","rd":true,"z":true,"opcode":0,)"
      R"("rcode":"NOERROR","queries":[{"rrname":"www.de","rrtype":"A"}]})");
}

BOOST_AUTO_TEST_CASE(a_response_is_written_with_its_answers_and_once_more_grouped) {
  BOOST_TEST(
      json_of(head("8180", 1, 2) + question + record_of("0001", from_hex("8efb2044")) +
                  record_of("0005", from_hex("0161c010")),
              to_client) ==
      R"({"version":3,"type":"response","tx_id":7,"id":1,"flags":"8180","qr":true,"rd":true,"ra":true,)"
      R"("opcode":0,"rcode":"NOERROR","queries":[{"rrname":"www.de","rrtype":"A"}],)"
      R"("answers":[{"rrname":"www.de","rrtype":"A","ttl":58,"rdata":"142.251.32.68"},)"
      R"({"rrname":"www.de","rrtype":"CNAME","ttl":58,"rdata":"a.de"}],)"
      R"("grouped":{"A":["142.251.32.68"],"CNAME":["a.de"]}})");
}

BOOST_AUTO_TEST_CASE(record_data_is_written_by_its_type) {
  const auto shows = [](std::string_view type, const std::string& rdata, std::string_view wanted) {
    const auto json = json_of(head("8180", 1, 1) + question + record_of(type, rdata), to_client);
    BOOST_TEST_CONTEXT(json) {
      BOOST_TEST(json.find(wanted) != std::string::npos);
    }
  };
  shows("001c", from_hex("20010db8000000000000000000000001"),
        R"("rdata":"2001:0db8:0000:0000:0000:0000:0000:0001")");
  shows("000f", from_hex("000a c00c"), R"("rdata":"www.de")");
  shows("000c", from_hex("c00c"), R"("rdata":"www.de")");
  shows("0010", from_hex("0261620163"),
        R"("rdata":"ab"},{"rrname":"www.de","rrtype":"TXT","ttl":58,"rdata":"c")");
  shows(
      "0006", from_hex("c00c 016100 00000001 00000002 00000003 00000004 00000005"),
      R"("soa":{"mname":"www.de","rname":"a","serial":1,"refresh":2,"retry":3,"expire":4,"minimum":5})");
  shows("0021", from_hex("0001 0002 0050 c00c"),
        R"("srv":{"priority":1,"weight":2,"port":80,"name":"www.de"})");
  shows("002c", from_hex("01 02 abcd"), R"("sshfp":{"fingerprint":"ab:cd","algo":1,"type":2})");
  shows("000a", from_hex("61ff"), R"("rdata":"a\\xff")");
  shows("fffe", from_hex("00"), R"("rrtype":"65534")");
}

BOOST_AUTO_TEST_CASE(record_data_of_the_wrong_length_is_left_out) {
  for (const auto type : {"0001", "001c", "000f", "0006", "0021", "002c"}) {
    BOOST_TEST_CONTEXT(type) {
      const auto json =
          json_of(head("8180", 1, 1) + question + record_of(type, from_hex("01")), to_client);
      BOOST_TEST(json.find("rdata") == std::string::npos);
      BOOST_TEST(json.find(R"("ttl":58}])") != std::string::npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(the_options_of_edns_are_listed) {
  const auto json = json_of(head("0100", 1, 0, 0, 1) + question +
                                from_hex("00 0029 1000 00000000 0006 000a 0002 6162"),
                            to_server);
  BOOST_TEST(
      json.find(
          R"("additionals":[{"rrname":"","rrtype":"OPT","ttl":0,"opt":[{"code":10,"data":"ab"}]}])") !=
      std::string::npos);
}

BOOST_AUTO_TEST_CASE(names_in_all_sections_and_in_record_data_are_instances_of_the_response) {
  message one{0, to_client};
  BOOST_REQUIRE(one.read(
      as_bytes(head("8180", 1, 1, 1, 1) + question + record_of("000c", from_hex("0161c010")) +
               record_of("0002", from_hex("0162c010")) + record_of("0001", from_hex("01020304")))));
  const auto id = static_cast<buffer_id>(buffer_index::response_rrname);
  BOOST_TEST(one.instances(id) == 6U);
  BOOST_TEST(text(one, buffer_index::response_rrname, 4) == "a.de");
  BOOST_TEST(text(one, buffer_index::response_rrname, 5) == "b.de");
  BOOST_TEST(!one.buffer(id, 6).has_value());
  BOOST_TEST(text(one, buffer_index::answers_rrname_tc, 0) == "www.de");
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::authorities_rrname_tc)) == 1U);
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::additionals_rrname_tc)) == 1U);
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::query)) == 0U);
  BOOST_TEST(one.field_instances(static_cast<field_id>(field_index::rrtype_tc)) == 2U);
}

BOOST_AUTO_TEST_CASE(a_response_without_a_question_keeps_its_answers) {
  message one{0, to_client};
  const auto answer = www_de + from_hex("0001 0001 0000003a 0004 c0000201");
  BOOST_REQUIRE(one.read(as_bytes(head("8400", 0, 1, 0, 1) + answer + answer)));
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::answers_rrname_tc)) == 1U);
  BOOST_TEST(text(one, buffer_index::answer_name_tc, 0) == "www.de");
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::additionals_rrname_tc)) == 1U);
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::queries_rrname_tc)) == 0U);
}

BOOST_AUTO_TEST_CASE(the_older_names_of_keywords_mean_the_same) {
  message one{0, to_server};
  BOOST_REQUIRE(one.read(as_bytes(head("0100", 1) + question)));
  BOOST_TEST(text(one, buffer_index::query_name_ts, 0) == "www.de");
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::query_name_tc)) == 0U);
  BOOST_TEST(one.instances(static_cast<buffer_id>(buffer_index::answer_name_ts)) == 0U);
}

BOOST_AUTO_TEST_CASE(odd_flags_become_events) {
  message zed{0, to_server};
  BOOST_REQUIRE(zed.read(as_bytes(head("0140", 1) + question)));
  BOOST_TEST(has_event(zed, "z_flag_set"));
  message opcode{0, to_server};
  BOOST_REQUIRE(opcode.read(as_bytes(head("4900", 1) + question)));
  BOOST_TEST(has_event(opcode, "invalid_opcode"));
  BOOST_TEST(opcode.head().opcode() == 9);
}

BOOST_AUTO_TEST_CASE(a_message_of_the_wrong_direction_is_refused_by_name) {
  message one{0, to_server};
  BOOST_TEST(!one.read(as_bytes(head("8180", 1) + question)));
  BOOST_TEST(one.refusal() == "not_a_request");
  message two{0, to_client};
  BOOST_TEST(!two.read(as_bytes(head("0100", 1) + question)));
  BOOST_TEST(two.refusal() == "not_a_response");
}

BOOST_AUTO_TEST_CASE(a_message_cut_anywhere_before_its_last_answer_is_refused) {
  const auto whole = head("8180", 1, 1) + question + record_of("0001", from_hex("01020304"));
  for (std::size_t size = 0; size < whole.size(); ++size) {
    BOOST_TEST_CONTEXT(size) {
      message one{0, to_client};
      const std::vector<char> exact(whole.begin(),
                                    whole.begin() + static_cast<std::ptrdiff_t>(size));
      BOOST_TEST(!one.read(as_bytes(std::string_view{exact.data(), exact.size()})));
      BOOST_TEST(one.refusal() == (size < header::size ? "" : "malformed_data"));
    }
  }
}

BOOST_AUTO_TEST_CASE(damage_behind_the_answers_leaves_the_message_with_an_event) {
  message one{0, to_client};
  BOOST_REQUIRE(one.read(as_bytes(head("8180", 1, 0, 1, 0) + question + from_hex("c00c 00"))));
  BOOST_TEST(has_event(one, "invalid_authorities"));
  message two{0, to_client};
  BOOST_REQUIRE(two.read(as_bytes(head("8180", 1, 0, 0, 1) + question + from_hex("ff"))));
  BOOST_TEST(has_event(two, "invalid_additionals"));
}

BOOST_AUTO_TEST_CASE(a_name_without_end_is_kept_as_far_as_the_limit_goes) {
  std::string bytes = head("0100", 2);
  for (int i = 0; i < 40; ++i)
    bytes += '\x1e' + std::string(30, 'a');
  bytes += from_hex("c00c 0010 0001 c00c 0010 0001");
  message one{0, to_server};
  BOOST_REQUIRE(one.read(as_bytes(bytes)));
  BOOST_TEST(has_event(one, "name_too_long"));
  BOOST_TEST(text(one, buffer_index::query, 1).size() == limits::name_bytes);
  BOOST_TEST(members_of(one).find(R"("rrname_truncated":true)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(loops_and_label_floods_become_events) {
  message loop{0, to_server};
  BOOST_REQUIRE(loop.read(as_bytes(head("0100", 1) + from_hex("c00c 0001 0001"))));
  BOOST_TEST(has_event(loop, "infinite_loop"));
  std::string many = head("0100", 1);
  for (int i = 0; i < 300; ++i)
    many += std::string{"\x01"} + "a";
  message labels{0, to_server};
  BOOST_REQUIRE(labels.read(as_bytes(many + from_hex("00 0001 0001"))));
  BOOST_TEST(has_event(labels, "too_many_labels"));
}

BOOST_AUTO_TEST_CASE(what_all_names_of_a_message_may_cost_is_bounded) {
  // Each pointer names another place in a long chain of labels, so no two names share letters.
  std::string bytes = head("0100", 5000);
  bytes += from_hex("3f") + std::string(63, 'a');
  std::string chain;
  for (int i = 0; i < 255; ++i)
    chain += std::string{"\x03"} + "abc";
  bytes = head("0100", 5000) + chain + from_hex("00 0001 0001");
  for (int i = 1; i < 5000; ++i) {
    const int place = 12 + 4 * (i % 200);
    bytes += static_cast<char>(0xc0 | place >> 8);
    bytes += static_cast<char>(place);
    bytes += from_hex("0001 0001");
  }
  message one{0, to_server};
  one.read(as_bytes(bytes));
  std::size_t total = 0;
  for (const auto& each : one.records())
    total = std::max<std::size_t>(total, each.name.begin + each.name.length);
  BOOST_TEST(total <= bytes.size() + limits::names_bytes + limits::name_bytes);
  BOOST_TEST(one.records().size() <= limits::records);
}

BOOST_AUTO_TEST_CASE(plausible_is_what_fits_its_length) {
  BOOST_TEST(is_plausible(as_bytes(head("0100", 1)), 17));
  BOOST_TEST(!is_plausible(as_bytes(head("0100", 2)), 17));
  BOOST_TEST(!is_plausible(as_bytes(head("0100", 1)).first(11), 17));
}

BOOST_AUTO_TEST_SUITE_END()
