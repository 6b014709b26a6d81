#include "detect/sensor/stream_feed.hpp"

#include "capture/source/pcap_file.hpp"
#include "detect/sensor/config.hpp"
#include "detect/sensor/rules.hpp"
#include "detect/sensor/sensor.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>
#include <fstream>
#include <set>

using namespace cresset;
using namespace cresset::detect::sensor;
using cresset::test::from_hex;

namespace {

std::string little(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i)
    text += static_cast<char>(value >> (8 * i) & 0xffU);
  return text;
}
std::string big(std::uint32_t value, int bytes) {
  std::string text;
  while (bytes-- > 0)
    text += static_cast<char>(value >> (8 * bytes) & 0xffU);
  return text;
}

/// One TCP connection as a capture file; each piece is acknowledged at once. Checksums are left
/// out.
class talk {
public:
  explicit talk(std::uint16_t server_port) : port_{server_port} {
    segment(true, 0x02, "");
    ++next_[0];
    segment(false, 0x12, "");
    ++next_[1];
    segment(true, 0x10, "");
  }
  talk& client(const std::string& bytes) { return say(true, bytes); }
  talk& server(const std::string& bytes) { return say(false, bytes); }
  const std::string& capture() const noexcept { return file_; }

private:
  talk& say(bool is_client, const std::string& bytes) {
    segment(is_client, 0x18, bytes);
    next_[is_client ? 0 : 1] += static_cast<std::uint32_t>(bytes.size());
    segment(!is_client, 0x10, "");
    return *this;
  }
  void segment(bool is_client, unsigned flags, const std::string& bytes) {
    const auto client = from_hex("c000020a"), server = from_hex("c6336414");
    const auto length = static_cast<std::uint32_t>(40 + bytes.size());
    const auto ip = from_hex("4500") + big(length, 2) + from_hex("00000000 4006 0000") +
                    (is_client ? client + server : server + client);
    const auto tcp = (is_client ? big(40000, 2) + big(port_, 2) : big(port_, 2) + big(40000, 2)) +
                     big(next_[is_client ? 0 : 1], 4) +
                     big((flags & 0x10U) != 0 ? next_[is_client ? 1 : 0] : 0, 4) + from_hex("50") +
                     big(flags, 1) + from_hex("ffff 0000 0000");
    file_ += little(1'700'000'000 + count_++, 4) + little(0, 4) + little(length, 4) +
             little(length, 4) + ip + tcp + bytes;
  }

  static constexpr std::uint32_t raw_ip = 101;
  std::uint16_t port_;
  std::array<std::uint32_t, 2> next_{1000, 5000};
  std::uint32_t count_ = 0;
  std::string file_ = from_hex("d4c3b2a1 0200 0400 00000000 00000000 ffff0000") + little(raw_ip, 4);
};

/// The sids that fired, and the events that were written, one line each.
struct outcome {
  std::multiset<std::uint32_t> alerts;
  std::string log;
  bool says(std::string_view text) const { return log.find(text) != std::string::npos; }
};

outcome run(const talk& what, const std::string& rules) {
  auto name = (std::filesystem::temp_directory_path() / "cresset-feed-XXXXXX").string();
  const std::filesystem::path place = mkdtemp(name.data());
  std::ofstream{place / "test.rules"} << rules;
  std::ofstream{place / "talk.pcap", std::ios::binary} << what.capture();
  command_line wanted;
  wanted.capture_file = place / "talk.pcap";
  wanted.rule_files = {place / "test.rules"};
  wanted.checksums = "none";
  const auto config = make_config(wanted, settings{});
  outcome seen;
  {
    sensor one{config, load_rules(config, true), place / "log",
               [&](detect::alert::alert a) { seen.alerts.insert(a.sid); }, 0.0};
    capture::source::pcap_file source{*wanted.capture_file};
    const std::atomic<bool> stop{false};
    one.run(source, false, stop);
  }
  std::ifstream log{place / "log" / "eve.json"};
  seen.log.assign(std::istreambuf_iterator<char>{log}, {});
  std::filesystem::remove_all(place);
  return seen;
}

/// A ClientHello that names a.example, in its record.
std::string client_hello() {
  const auto sni = from_hex("0000 000e 000c 00 0009") + "a.example";
  const auto body = from_hex("0303") + std::string(32, 'r') + from_hex("00 0002 1301 0100") +
                    big(static_cast<std::uint32_t>(sni.size()), 2) + sni;
  const auto message = from_hex("01") + big(static_cast<std::uint32_t>(body.size()), 3) + body;
  return from_hex("160301") + big(static_cast<std::uint32_t>(message.size()), 2) + message;
}
using alerts = std::multiset<std::uint32_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(sensor_stream_feed)

BOOST_AUTO_TEST_CASE(behind_starttls_the_flow_is_tls) {
  talk mail{25};
  mail.server("220 mail ESMTP\r\n").client("EHLO me\r\n").server("250 STARTTLS\r\n");
  mail.client("STARTTLS\r\n").server("220 go\r\n").client(client_hello());
  const auto seen = run(mail, R"(alert smtp any any -> any any (smtp.helo; content:"me"; sid:1;)
alert tls any any -> any any (tls.sni; content:"a.example"; sid:2;)
)");
  BOOST_TEST((seen.alerts == alerts{1, 2}));
  BOOST_TEST(seen.says(R"("app_proto":"tls","app_proto_orig":"smtp","app_proto_expected":"tls")"));
  BOOST_TEST(seen.says(R"("from_proto":"smtp")"));
  BOOST_TEST(seen.says(R"("event_type":"smtp")"));
}

BOOST_AUTO_TEST_CASE(within_a_tunnel_the_flow_is_identified_anew) {
  talk tunnel{3128};
  tunnel.client("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
  tunnel.server("HTTP/1.1 200 OK\r\n\r\n").client(client_hello());
  const auto seen =
      run(tunnel, R"(alert http any any -> any any (http.stat_code; content:"200"; sid:1;)
alert tls any any -> any any (tls.sni; content:"a.example"; sid:2;)
)");
  BOOST_TEST((seen.alerts == alerts{1, 2}));
  BOOST_TEST(seen.says(R"("app_proto":"tls","app_proto_orig":"http")"));
}

BOOST_AUTO_TEST_CASE(an_upgrade_to_websocket_is_taken_at_its_word) {
  talk chat{80};
  chat.client("GET /chat HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n");
  chat.server(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n" +
      from_hex("810548656c6c6f"));
  chat.client(from_hex("818537fa213d7f9f4d5158")).server(from_hex("8900"));
  const auto seen = run(chat, R"(alert http any any -> any any (http.uri; content:"/chat"; sid:1;)
alert websocket any any -> any any (flow:to_client; websocket.payload; content:"Hello"; sid:2;)
alert websocket any any -> any any (flow:to_server; websocket.payload; content:"Hello"; sid:3;)
alert websocket any any -> any any (websocket.opcode:ping; sid:4;)
)");
  BOOST_TEST((seen.alerts == alerts{1, 2, 3, 4}));
  BOOST_TEST(seen.says(R"("event_type":"websocket")"));
}

BOOST_AUTO_TEST_CASE(an_upgrade_to_http2_keeps_its_request) {
  talk up{80};
  up.client("GET /up HTTP/1.1\r\nHost: h\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
            "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n");
  up.server("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n" +
            from_hex("000000 04 00 00000000  000001 01 04 00000001 88  000005 00 01 00000001") +
            "hello");
  up.client("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + from_hex("000000 04 00 00000000"));
  const auto seen = run(up, R"(alert http2 any any -> any any (http.uri; content:"/up"; sid:1;)
alert http2 any any -> any any (file.data; content:"hello"; sid:2;)
alert http2 any any -> any any (http2.settings:SETTINGS_MAX_CONCURRENT_STREAMS=100; sid:3;)
)");
  BOOST_TEST((seen.alerts == alerts{1, 2, 3}));
  BOOST_TEST(seen.says(R"("http2":{"stream_id":1)"));
}

BOOST_AUTO_TEST_CASE(what_comes_behind_a_change_and_is_nothing_known_fails_quietly) {
  talk tunnel{3128};
  tunnel.client("CONNECT a.example:443 HTTP/1.1\r\nHost: a.example:443\r\n\r\n");
  tunnel.server("HTTP/1.1 200 OK\r\n\r\n" + std::string(10, '\x01'))
      .client(std::string(10, '\x02'));
  const auto seen = run(tunnel, "alert tcp any any -> any any (content:\"|02 02 02|\"; sid:1;)\n");
  BOOST_TEST((seen.alerts == alerts{1}));
  BOOST_TEST(seen.says(R"("app_proto":"failed","app_proto_orig":"http")"));
}

BOOST_AUTO_TEST_SUITE_END()
