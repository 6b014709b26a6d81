#include "detect/inspect/inspector.hpp"

#include "capture/decode/decoder.hpp"
#include "detect/rule/ruleset.hpp"

#include <boost/test/unit_test.hpp>

#include <memory>

using namespace cresset;
using namespace cresset::detect;
namespace decode = cresset::capture::decode;

namespace {

/// A UDP datagram of 192.0.2.1:1000 to 198.51.100.1:53 with `payload`, on raw IPv4.
std::vector<std::byte> datagram(std::string_view payload) {
  std::vector<std::byte> bytes(28 + payload.size());
  const auto at = [&](std::size_t i, unsigned value) { bytes[i] = static_cast<std::byte>(value); };
  at(0, 0x45);
  at(2, static_cast<unsigned>(bytes.size() >> 8));
  at(3, static_cast<unsigned>(bytes.size() & 0xff));
  at(8, 64);
  at(9, 17);
  for (const auto& [i, v] :
       {std::pair{12, 192}, {14, 2}, {15, 1}, {16, 198}, {17, 51}, {18, 100}, {19, 1}})
    at(static_cast<std::size_t>(i), static_cast<unsigned>(v));
  at(20, 1000 >> 8);
  at(21, 1000 & 0xff);
  at(23, 53);
  at(24, static_cast<unsigned>((8 + payload.size()) >> 8));
  at(25, static_cast<unsigned>((8 + payload.size()) & 0xff));
  for (std::size_t i = 0; i < payload.size(); ++i)
    at(28 + i, static_cast<unsigned char>(payload[i]));
  return bytes;
}

/// Rules on single datagrams without a flow, by both plans.
class bench {
public:
  explicit bench(const std::string& rules, std::size_t limit_alerts = 15,
                 inspect::image_inputs inputs = {}) {
    rule::parser reader{rule::variables{}};
    rule::ruleset read{reader};
    read.load_text(rules, "test.rules");
    for (const auto& refusal : read.refusals())
      BOOST_TEST_MESSAGE("refused: " << refusal.reason);
    std::vector<std::uint8_t> priorities;
    for (const auto& r : read.rules())
      priorities.push_back(r->priority.value_or(3));
    pattern::database_cache none{{}};
    image_ = std::make_unique<inspect::image>(read.rules(), priorities, none, std::move(inputs));
    for (const auto& bad : image_->unusable())
      BOOST_TEST_MESSAGE("unusable: " << bad.reason);
    inspect::inspector_settings settings;
    settings.limit_alerts = limit_alerts;
    scan_ = std::make_unique<inspect::inspector>(*image_, scan_state_, settings);
    settings.naive = true;
    naive_ = std::make_unique<inspect::inspector>(*image_, naive_state_, settings);
  }

  /// The sids that alert, in their order; both plans must agree.
  std::vector<std::uint32_t> alerts(std::string_view payload, int second = 0) {
    const auto bytes = datagram(payload);
    std::array<decode::decoded_packet, decode::decoder::limit_packets> packets;
    BOOST_REQUIRE(decoder_.decode(bytes, link_type::ipv4, packets) >= 1);
    inspect::subject on;
    on.packet = &packets[0];
    on.tuple = packets[0].tuple;
    on.at = timestamp{std::chrono::seconds{second}};
    const auto sids = [&](inspect::inspector& with) {
      std::vector<std::uint32_t> found;
      contexts_.clear();
      for (const auto& m : with.run(on)) {
        found.push_back(m.signature->source->sid);
        contexts_.push_back(m.context);
      }
      variables_ = *on.packet_variables;
      tagged_ = with.packet_is_tagged();
      return found;
    };
    inspect::payload_hits hits; // every other packet is scanned before its run
    scan_->use(nullptr);
    if (is_ahead_ = !is_ahead_; is_ahead_) {
      scan_->look_ahead(packets[0].payload, false, on.way, hits);
      scan_->use(&hits);
    }
    const auto by_scan = sids(*scan_);
    BOOST_TEST((by_scan == sids(*naive_)));
    return by_scan;
  }
  const inspect::inspector& scan() const { return *scan_; }
  /// Of the last packet: the contexts of its alerts, its variables, whether a tag asks for it.
  const std::vector<std::string>& contexts() const { return contexts_; }
  const inspect::named_texts& variables() const { return variables_; }
  bool is_tagged() const { return tagged_; }
  const inspect::image& rules() const { return *image_; }

private:
  std::vector<std::string> contexts_;
  inspect::named_texts variables_;
  bool tagged_ = false;
  bool is_ahead_ = false;
  decode::decoder decoder_;
  std::unique_ptr<inspect::image> image_;
  inspect::shared_state scan_state_, naive_state_;
  std::unique_ptr<inspect::inspector> scan_, naive_;
};

using sids = std::vector<std::uint32_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(inspector_on_packets)

BOOST_AUTO_TEST_CASE(a_rule_alerts_where_its_header_and_contents_hold) {
  bench b{R"(alert udp any any -> any 53 (content:"attack"; sid:1;)
alert udp any any -> any 54 (content:"attack"; sid:2;)
alert udp 192.0.2.0/24 any -> 198.51.100.1 53 (content:"attack"; sid:3;)
alert udp !192.0.2.0/24 any -> any any (content:"attack"; sid:4;)
alert tcp any any -> any any (content:"attack"; sid:5;)
alert ip any any -> any any (content:"attack"; sid:6;)
alert udp any 53 <> any any (content:"attack"; sid:7;)
)"};
  BOOST_TEST((b.alerts("an attack") == sids{1, 3, 6, 7}));
  BOOST_TEST(b.alerts("a tack").empty());
}

BOOST_AUTO_TEST_CASE(packet_keywords_are_judged) {
  bench b{R"(alert udp any any -> any any (dsize:5; sid:1;)
alert udp any any -> any any (dsize:>5; content:"x"; sid:2;)
alert ip any any -> any any (ttl:64; sid:3;)
alert ip any any -> any any (ip_proto:17; content:"abcde"; sid:4;)
)"};
  BOOST_TEST((b.alerts("abcde") == sids{1, 3, 4}));
  BOOST_TEST((b.alerts("abcdexx") == sids{2, 3, 4}));
}

BOOST_AUTO_TEST_CASE(short_and_missing_literals_are_always_tried) {
  bench b{R"(alert udp any any -> any any (content:"a"; sid:1;)
alert udp any any -> any any (content:!"long literal"; sid:2;)
alert udp any any -> any any (content:"|00 00 00 00|"; sid:3;)
)"};
  BOOST_TEST((b.alerts("a") == sids{1, 2}));
  BOOST_TEST((b.alerts(std::string_view{"\0\0\0\0", 4}) == sids{2, 3}));
}

BOOST_AUTO_TEST_CASE(rules_of_other_traffic_are_not_even_tried) {
  bench b{R"(alert udp any any -> any 99 (dsize:>1; sid:1;)
alert udp any any -> any 53 (dsize:>90; sid:2;)
alert tcp any any -> any any (dsize:>1; sid:3;)
alert ip any any -> any any (ipv6.hdr; content:"|60|"; sid:4;)
alert udp any any -> any any (content:"|00 01|"; depth:2; sid:5;)
alert udp any any -> any any (content:"SMBr"; offset:4; depth:4; sid:6;)
alert udp any any -> any any (flow:established; dsize:>1; sid:7;)
alert http any any -> any any (content:"|00|"; sid:8;)
alert udp any any -> any any (flowbits:isset,seen; dsize:>1; sid:9;)
)"};
  BOOST_TEST(b.alerts("nothing to see").empty());
  BOOST_TEST(b.scan().counters().candidates.value() == 0U);
}

BOOST_AUTO_TEST_CASE(bytes_in_one_place_lead_to_their_rules) {
  bench b{R"(alert udp any any -> any any (content:"|ff|SMB"; offset:4; depth:4; sid:1;)
alert udp any any -> any any (content:"|16 03|"; depth:2; content:"long literal"; sid:2;)
alert udp any any -> any any (content:"abcdefghij"; startswith; sid:3;)
alert udp any any -> any any (content:"bcd"; offset:1; depth:9; sid:4;)
alert udp any any -> any any (content:"|ff|smb"; nocase; offset:4; depth:4; sid:5;)
)"};
  BOOST_TEST((b.alerts("....\xffSMB") == sids{1, 5}));
  BOOST_TEST(b.alerts(".....\xffSMB").empty());
  BOOST_TEST((b.alerts("\x16\x03 long literal") == sids{2}));
  BOOST_TEST((b.alerts("abcdefghij") == sids{3, 4}));
  BOOST_TEST((b.alerts("abcdefghi") == sids{4}));
}

BOOST_AUTO_TEST_CASE(two_bytes_are_looked_for_before_their_rules_are) {
  bench many{R"(alert udp any any -> any any (content:"{|9d|"; offset:2; sid:1;)
alert udp any any -> any any (content:"|9d|{"; sid:2;)
alert udp any any -> any any (content:"|3b df|"; sid:3;)
alert udp any any -> any any (content:"yz"; sid:4;)
alert udp any any -> any any (content:!"yz"; content:"ab"; sid:5;)
)"};
  BOOST_TEST((many.alerts("..{\x9d") == sids{1}));
  BOOST_TEST((many.alerts("..{\x9d{") == sids{1, 2}));
  BOOST_TEST((many.alerts("yz") == sids{4}));
  BOOST_TEST((many.alerts("ab") == sids{5}));
  BOOST_TEST(many.alerts("abyz;").size() == 1U);
  BOOST_TEST(many.alerts("{.\x9d").empty());
  BOOST_TEST(many.alerts("{").empty());
  BOOST_TEST(many.scan().counters().candidates.value() == 7U); // of 35
  bench one{R"(alert udp any any -> any any (content:"{|9d|"; sid:1;))"};
  BOOST_TEST((one.alerts("{{{\x9d") == sids{1}));
  BOOST_TEST(one.alerts("\x9d{{").empty());
  BOOST_TEST(one.scan().counters().candidates.value() == 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_checksum_leads_to_the_rules_about_it) {
  bench b{R"(alert ip any any -> any any (ipv4-csum:invalid; sid:1;)
alert ip any any -> any any (udpv4-csum:invalid; sid:2;)
alert ip any any -> any any (ipv4-csum:valid; sid:3;)
alert ip any any -> any any (tcpv6-csum:invalid; sid:4;)
)"};
  BOOST_TEST((b.alerts("no checksum was made here") == sids{1}));
}

BOOST_AUTO_TEST_CASE(a_pass_rule_silences_the_packet) {
  bench b{R"(alert udp any any -> any any (content:"abc"; sid:1;)
pass udp any any -> any any (content:"good"; sid:2;)
)"};
  BOOST_TEST((b.alerts("abc") == sids{1}));
  BOOST_TEST(b.alerts("abc good").empty());
}

BOOST_AUTO_TEST_CASE(alerts_are_cut_to_the_most_urgent) {
  bench b{R"(alert udp any any -> any any (content:"abc"; priority:3; sid:1;)
alert udp any any -> any any (content:"abc"; priority:1; sid:2;)
alert udp any any -> any any (content:"abc"; noalert; priority:1; sid:3;)
alert udp any any -> any any (content:"abc"; priority:2; sid:4;)
)",
          2};
  BOOST_TEST((b.alerts("abc") == sids{2, 4}));
  BOOST_TEST(b.scan().counters().alert_queue_overflow.value() == 1U);
}

BOOST_AUTO_TEST_CASE(thresholds_keep_matches_silent) {
  bench b{
      R"(alert udp any any -> any any (content:"abc"; threshold:type limit, track by_src, count 1, seconds 60; sid:1;)
)"};
  BOOST_TEST((b.alerts("abc", 1) == sids{1}));
  BOOST_TEST(b.alerts("abc", 2).empty());
  BOOST_TEST((b.alerts("abc", 62) == sids{1}));
}

BOOST_AUTO_TEST_CASE(packet_headers_are_buffers) {
  bench b{R"(alert udp any any -> any any (udp.hdr; content:"|00 35|"; offset:2; depth:2; sid:1;)
alert ip any any -> any any (ipv4.hdr; content:"|45|"; startswith; sid:2;)
)"};
  BOOST_TEST((b.alerts("abc") == sids{1, 2}));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_matched_yet_is_named) {
  bench b{R"(alert udp any any -> any any (content:"abc"; sid:1;)
alert udp any any -> any any (iprep:src,CnC,>,30; sid:2;)
alert udp any any -> any any (geoip:any,DE; sid:3;)
alert http any any -> any any (app-layer-state:>request_complete; sid:4;)
alert dns any any -> any any (app-layer-state:request_line; sid:5;)
alert http any any -> any any (app-layer-state:<response_body; sid:6;)
)"};
  std::vector<std::uint32_t> unusable;
  for (const auto& one : b.rules().unusable())
    unusable.push_back(one.source->sid);
  BOOST_TEST((unusable == sids{2, 3, 4, 5}));
  BOOST_TEST((b.alerts("abc") == sids{1}));
}

BOOST_AUTO_TEST_CASE(bits_of_addresses_are_set_and_tested_across_packets) {
  bench b{
      R"(alert udp any any -> any any (content:"set"; xbits:set,seen,track ip_src,expire 10; sid:1;)
alert udp any any -> any any (content:"ask"; xbits:isset,seen,track ip_src; sid:2;)
alert udp any any -> any any (content:"ask"; xbits:isset,seen,track ip_dst; sid:3;)
alert udp any any -> any any (content:"ask"; xbits:isnotset,seen,track ip_src; sid:4;)
alert udp any any -> any any (content:"pair"; xbits:set,both,track ip_pair; noalert; sid:5;)
alert udp any any -> any any (content:"ask"; xbits:isset,both,track ip_pair; sid:6;)
alert udp any any -> any any (content:"ask"; hostbits:isset,seen,src; sid:7;)
alert udp any any -> any any (content:"ask"; hostbits:isset,seen,both; sid:8;)
)"};
  BOOST_TEST((b.alerts("ask") == sids{4}));
  BOOST_TEST((b.alerts("set", 1) == sids{1}));
  BOOST_TEST((b.alerts("ask", 2) == sids{2, 7, 8}));
  BOOST_TEST(b.alerts("pair", 3).empty());
  BOOST_TEST((b.alerts("ask", 4) == sids{2, 6, 7, 8}));
  BOOST_TEST((b.alerts("ask", 11) == sids{4, 6}));
}

BOOST_AUTO_TEST_CASE(what_expressions_capture_goes_where_the_rule_says) {
  bench b{
      R"(alert udp any any -> any any (content:"user="; pcre:"/user=(\w+) host=(\w+)/, alert:who, pkt:host"; sid:1;)
alert udp any any -> any any (pcre:"/host=(?P<alert_host>\w+)/"; priority:4; sid:2;)
alert udp any any -> any any (pktvar:host,"serv"; priority:5; content:"host"; sid:3;)
alert udp any any -> any any (pktvar:host,"other"; priority:5; content:"host"; sid:4;)
)"};
  BOOST_TEST((b.alerts("user=jane host=server") == sids{1, 2, 3}));
  BOOST_TEST(
      (b.contexts() == std::vector<std::string>{R"("who":"jane")", R"("host":"server")", ""}));
  BOOST_TEST((b.variables() == inspect::named_texts{{"host", "server"}}));
  BOOST_TEST((b.alerts("host=server") == sids{2}));
  BOOST_TEST(b.variables().empty());
}

BOOST_AUTO_TEST_CASE(a_capture_of_a_place_that_did_not_hold_is_forgotten) {
  bench b{R"(alert udp any any -> any any (pcre:"/k=(\w)/, alert:k"; content:"!"; within:1; sid:1;)
)"};
  BOOST_TEST((b.alerts("k=a k=b!") == sids{1}));
  BOOST_TEST((b.contexts() == std::vector<std::string>{R"("k":"b")"}));
}

BOOST_AUTO_TEST_CASE(sets_learn_from_rules_that_match_whole) {
  const std::string learn =
      R"(alert udp any any -> any any (ip.src; dataset:set,seen,type ip; content:"|c0 00|"; sid:1;)
alert udp any any -> any any (ip.dst; dataset:set,never,type ip; content:"|c0 00|"; sid:2;)
)";
  rule::parser reader{rule::variables{}};
  rule::ruleset read{reader};
  read.load_text(learn, "test.rules");
  pattern::database_cache none{{}};
  const auto lists = std::make_shared<inspect::lists::library>();
  const inspect::image image{read.rules(), {3, 3}, none, {.lists = lists, .thresholds = {}}};
  inspect::shared_state state;
  inspect::inspector with{image, state, {}};
  decode::decoder decoder;
  std::array<decode::decoded_packet, decode::decoder::limit_packets> packets;
  const auto bytes = datagram("x");
  BOOST_REQUIRE(decoder.decode(bytes, link_type::ipv4, packets) >= 1);
  inspect::subject on{.packet = &packets[0], .tuple = packets[0].tuple};
  BOOST_TEST(with.run(on).size() == 1U);
  BOOST_TEST(with.run(on).empty()); // it is there now
  rule::payload::dataset never;
  never.name = "never";
  BOOST_TEST(lists->open(never, {}).value()->size() == 0U);
}

BOOST_AUTO_TEST_CASE(threshold_config_goes_before_the_rule) {
  rule::variables names;
  bench b{R"(alert udp any any -> any any (content:"abc"; sid:1;)
alert udp any any -> any any (content:"abc"; sid:2;)
alert udp any any -> any any (content:"abc"; sid:3;)
alert udp any any -> any any (content:"abc"; threshold:type limit, track by_src, count 1, seconds 60; sid:4;)
)",
          15,
          {.lists = nullptr,
           .thresholds = rule::parse_threshold_config(R"(suppress gen_id 1, sig_id 1
suppress gen_id 1, sig_id 2, track by_src, ip 192.0.2.0/24
suppress gen_id 1, sig_id 3, track by_dst, ip 192.0.2.0/24
threshold gen_id 1, sig_id 4, type threshold, track by_src, count 2, seconds 60
)",
                                                      names)}};
  BOOST_TEST((b.alerts("abc", 1) == sids{3}));
  BOOST_TEST((b.alerts("abc", 2) == sids{3, 4}));
  BOOST_TEST(b.scan().counters().alerts_suppressed.value() == 5U);
}

BOOST_AUTO_TEST_CASE(a_tag_asks_for_the_packets_that_follow) {
  bench b{R"(alert udp any any -> any any (content:"abc"; tag:host,2,packets,src; sid:1;)
)"};
  BOOST_TEST((b.alerts("abc", 1) == sids{1}));
  BOOST_TEST(!b.is_tagged());
  for (const bool expected : {true, true, false}) {
    BOOST_TEST(b.alerts("x", 2).empty());
    BOOST_TEST(b.is_tagged() == expected);
  }
}

BOOST_AUTO_TEST_CASE(the_version_of_ip_is_a_word) {
  bench b{R"(alert ip any any -> any any (l3_proto:ipv4; sid:1;)
alert ip any any -> any any (l3_proto:ipv6; sid:2;)
)"};
  BOOST_TEST((b.alerts("x") == sids{1}));
}

BOOST_AUTO_TEST_SUITE_END()
