#include "detect/proto/identify.hpp"

#include "tests/support/parser_feed.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <string>

using namespace cresset;
using namespace cresset::detect::proto;
using cresset::test::from_hex;

namespace {

const identify_settings defaults;

app_protocol seen(transport over, direction way, std::string_view bytes,
                  std::uint16_t port = 40000) {
  identifier one;
  one.feed(defaults, {over, 50000, port}, way, as_bytes(bytes));
  return one.protocol();
}
app_protocol client_says(std::string_view bytes, std::uint16_t port = 40000) {
  return seen(transport::tcp, direction::to_server, bytes, port);
}
app_protocol server_says(std::string_view bytes, std::uint16_t port = 40000) {
  return seen(transport::tcp, direction::to_client, bytes, port);
}
app_protocol datagram(std::string_view bytes, std::uint16_t port,
                      direction way = direction::to_server) {
  return seen(transport::udp, way, bytes, port);
}

const std::string dns_query =
    from_hex("0001 0100 0001 0000 0000 0000 03777777 026465 00 0001 0001");

} // namespace

BOOST_AUTO_TEST_SUITE(identify)

BOOST_AUTO_TEST_CASE(protocols_that_speak_in_words_are_found_on_any_port) {
  BOOST_CHECK(client_says("GET / HTTP/1.1\r\n") == app_protocol::http);
  BOOST_CHECK(client_says("propfind /x") == app_protocol::http);
  BOOST_CHECK(client_says("GET\t/") == app_protocol::http);
  BOOST_CHECK(server_says("HTTP/1.0 200 OK\r\n") == app_protocol::http);
  BOOST_CHECK(client_says("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == app_protocol::http2);
  BOOST_CHECK(client_says("ehlo host\r\n") == app_protocol::smtp);
  BOOST_CHECK(server_says("220 mail.example.org ESMTP Postfix\r\n") == app_protocol::smtp);
  BOOST_CHECK(server_says("220 (vsFTPd 3.0.3)\r\n") == app_protocol::ftp);
  BOOST_CHECK(client_says("USER anonymous\r\n") == app_protocol::ftp);
  BOOST_CHECK(client_says("SSH-2.0-OpenSSH_9.2\r\n") == app_protocol::ssh);
  BOOST_CHECK(server_says("SSH-2.0-x\r\n") == app_protocol::ssh);
  BOOST_CHECK(server_says("+OK ready\r\n") == app_protocol::pop3);
  BOOST_CHECK(client_says("a1 CAPABILITY\r\n") == app_protocol::imap);
  BOOST_CHECK(server_says("* OK IMAP4rev1\r\n") == app_protocol::imap);
  BOOST_CHECK(server_says("RFB 003.008\n") == app_protocol::rfb);
  BOOST_CHECK(client_says("OPTIONS sip:a@b SIP/2.0\r\n") == app_protocol::sip);
  BOOST_CHECK(client_says("OPTIONS / HTTP/1.1\r\n") == app_protocol::http);
  BOOST_CHECK(datagram("INVITE sip:a@b SIP/2.0\r\n", 5060) == app_protocol::sip);
}

BOOST_AUTO_TEST_CASE(protocols_with_a_binary_head_are_found_on_any_port) {
  BOOST_CHECK(client_says(from_hex("16 0301 0064 01 000060 0303")) == app_protocol::tls);
  BOOST_CHECK(server_says(from_hex("16 0303 0064 02 000060 0303")) == app_protocol::tls);
  BOOST_CHECK(client_says(from_hex("802e 01 0002 0015 0000 0010")) == app_protocol::tls);
  BOOST_CHECK(client_says(from_hex("00000054 ff534d4272")) == app_protocol::smb);
  BOOST_CHECK(client_says(from_hex("00000054 fe534d4240")) == app_protocol::smb);
  BOOST_CHECK(client_says(from_hex("05000b03 10000000 4800 0000")) == app_protocol::dcerpc);
  BOOST_CHECK(client_says(from_hex("10 0c 0004 4d515454 04 02 003c 0000")) == app_protocol::mqtt);
  BOOST_CHECK(client_says(from_hex("0300 0013 0e e0 0000 0000 00 01 00 0800 03000000")) ==
              app_protocol::rdp);
}

BOOST_AUTO_TEST_CASE(protocols_with_weak_marks_are_asked_only_on_their_port) {
  BOOST_CHECK(datagram(dns_query, 53) == app_protocol::dns);
  BOOST_CHECK(datagram(dns_query, 5353) == app_protocol::mdns);
  BOOST_CHECK(datagram(dns_query, 40000) == app_protocol::unknown);
  BOOST_CHECK(client_says(from_hex("0018") + dns_query, 53) == app_protocol::dns);
  BOOST_CHECK(datagram(from_hex("3026 020101 0406 7075626c6963"), 161) == app_protocol::snmp);
  BOOST_CHECK(datagram(std::string(1, '\x23') + std::string(47, '\0'), 123) == app_protocol::ntp);
  BOOST_CHECK(datagram(from_hex("17000327 00000000"), 123) == app_protocol::ntp); // private
  BOOST_CHECK(datagram(from_hex("23000000 00000000"), 123) == app_protocol::unknown);
  BOOST_CHECK(server_says("R" + from_hex("0000000c 00000005 73616c74"), 5432) ==
              app_protocol::pgsql);
  BOOST_CHECK(client_says(from_hex("0000 0000 0006 01 03 0000 0001"), 502) == app_protocol::modbus);
  BOOST_CHECK(client_says(from_hex("0564 05 c0 0100 0000"), 20000) == app_protocol::dnp3);
  BOOST_CHECK(client_says(from_hex("fffb01"), 23) == app_protocol::telnet);
  BOOST_CHECK(client_says(from_hex("300c 020101 6007 020103 0400 8000"), 389) ==
              app_protocol::ldap);
}

BOOST_AUTO_TEST_CASE(a_configured_port_is_asked_as_well) {
  identify_settings settings;
  settings.extra_ports.push_back({app_protocol::dns, transport::udp, 5300});
  identifier one;
  one.feed(settings, {transport::udp, 50000, 5300}, direction::to_server, as_bytes(dns_query));
  BOOST_CHECK(one.protocol() == app_protocol::dns);
}

BOOST_AUTO_TEST_CASE(a_disabled_protocol_is_not_found) {
  identify_settings settings;
  settings.disable(app_protocol::ssh);
  identifier one;
  one.feed(settings, {transport::tcp, 50000, 22}, direction::to_server, as_bytes("SSH-2.0-x\r\n"));
  BOOST_CHECK(one.protocol() == app_protocol::unknown);
}

BOOST_AUTO_TEST_CASE(few_bytes_ask_for_more_and_do_not_change_the_answer) {
  const std::string text = "DELETE /x HTTP/1.1\r\n";
  identifier one;
  const flow_hint hint{transport::tcp, 50000, 40000};
  std::size_t n = 1;
  while (n < text.size() &&
         one.feed(defaults, hint, direction::to_server,
                  as_bytes(std::string_view{text}.substr(0, n))) == identity::need_more)
    ++n;
  BOOST_TEST(n == std::string_view{"DELETE "}.size());
  BOOST_CHECK(one.protocol() == app_protocol::http);
}

BOOST_AUTO_TEST_CASE(bytes_nobody_claims_are_unknown_at_once) {
  identifier one;
  BOOST_CHECK(one.feed(defaults, {transport::tcp, 50000, 40000}, direction::to_server,
                       as_bytes("\x7f\x7f\x7f\x7f")) == identity::unknown);
}

BOOST_AUTO_TEST_CASE(a_greeting_without_end_is_given_up_at_the_limit) {
  identifier one;
  const flow_hint hint{transport::tcp, 50000, 40000};
  const std::string greeting = "220 " + std::string(identifier::limit_bytes, 'x');
  BOOST_CHECK(one.feed(defaults, hint, direction::to_client,
                       as_bytes(std::string_view{greeting}.substr(0, 100))) == identity::need_more);
  BOOST_CHECK(one.feed(defaults, hint, direction::to_client, as_bytes(greeting)) ==
              identity::unknown);
}

BOOST_AUTO_TEST_CASE(a_datagram_that_says_nothing_leaves_the_next_one_its_chance) {
  identifier one;
  const flow_hint hint{transport::udp, 59075, 53};
  const auto junk = from_hex("3040 0201 030f 0203 0091 c802 0205 dc04");
  BOOST_CHECK(one.feed(defaults, hint, direction::to_server, as_bytes(junk)) ==
              identity::need_more);
  BOOST_CHECK(one.feed(defaults, hint, direction::to_server, as_bytes(dns_query)) ==
              identity::found);
}

BOOST_AUTO_TEST_CASE(datagrams_are_looked_at_a_few_times_only) {
  identifier one;
  const flow_hint hint{transport::udp, 50000, 53};
  auto state = identity::need_more;
  int asked = 0;
  while (state == identity::need_more && asked < 100) {
    state = one.feed(defaults, hint, direction::to_server, as_bytes("\xff"));
    ++asked;
  }
  BOOST_TEST(asked == identifier::limit_datagrams);
  BOOST_CHECK(state == identity::unknown);
}

BOOST_AUTO_TEST_CASE(
    a_response_from_the_side_taken_for_the_client_shows_that_the_sides_are_swapped) {
  auto response = dns_query;
  response[2] = '\x81';
  identifier one;
  one.feed(defaults, {transport::udp, 53, 50000}, direction::to_server, as_bytes(response));
  BOOST_CHECK(one.protocol() == app_protocol::dns);
  BOOST_TEST(one.is_reversed());
}

BOOST_AUTO_TEST_CASE(a_flow_picked_up_in_its_middle_may_turn_out_to_be_reversed) {
  const std::string answer = "HTTP/1.1 200 OK\r\n";
  identifier midstream;
  midstream.feed(defaults, {transport::tcp, 80, 50000, true}, direction::to_server,
                 as_bytes(answer));
  BOOST_CHECK(midstream.protocol() == app_protocol::http);
  BOOST_TEST(midstream.is_reversed());
  identifier opened;
  opened.feed(defaults, {transport::tcp, 50000, 80}, direction::to_server, as_bytes(answer));
  BOOST_CHECK(opened.protocol() == app_protocol::unknown);
}

BOOST_AUTO_TEST_CASE(directions_that_differ_are_a_mismatch) {
  identifier one;
  const flow_hint hint{transport::tcp, 50000, 40000};
  one.feed(defaults, hint, direction::to_server, as_bytes("GET / HTTP/1.1\r\n"));
  one.feed(defaults, hint, direction::to_client, as_bytes("SSH-2.0-x\r\n"));
  BOOST_TEST(one.is_mismatch());
  BOOST_CHECK(one.protocol() == app_protocol::http);
  BOOST_CHECK(one.protocol_of(direction::to_client) == app_protocol::ssh);
}

BOOST_AUTO_TEST_CASE(an_ended_direction_is_not_waited_for) {
  identifier one;
  one.feed(defaults, {transport::tcp, 50000, 40000}, direction::to_server, as_bytes("GE"));
  one.end(direction::to_server);
  one.end(direction::to_client);
  BOOST_TEST(one.is_settled());
  BOOST_CHECK(one.protocol() == app_protocol::unknown);
}

BOOST_AUTO_TEST_CASE(no_recogniser_reads_past_any_short_run_of_bytes) {
  for (unsigned first = 0; first < 256; ++first)
    for (std::size_t size = 1; size < 32; ++size) {
      const std::vector<char> exact(size, static_cast<char>(first));
      for (const auto& one : recognisers())
        for (const auto look : {one.to_server, one.to_client})
          if (look != nullptr)
            look(as_bytes(std::string_view{exact.data(), exact.size()}));
    }
}

BOOST_AUTO_TEST_CASE(a_reversed_flow_is_waited_for_when_its_first_bytes_are_few) {
  identifier one;
  const flow_hint midstream{transport::tcp, 1883, 40000, true};
  BOOST_CHECK(one.feed(defaults, midstream, direction::to_server, as_bytes(" ")) ==
              identity::need_more);
  const auto connack = from_hex("20020000");
  BOOST_CHECK(one.feed(defaults, midstream, direction::to_server, as_bytes(connack)) ==
              identity::found);
  BOOST_CHECK(one.protocol() == app_protocol::mqtt);
  BOOST_TEST(one.is_reversed());
}

BOOST_AUTO_TEST_CASE(answers_of_a_connection_picked_up_in_its_middle_reverse_its_sides) {
  const auto reversed = [](const char* hex, direction way, bool midstream) {
    identifier one;
    one.feed(defaults, {transport::tcp, 50000, 40000, midstream}, way, as_bytes(from_hex(hex)));
    BOOST_CHECK(one.protocol() == app_protocol::smb || one.protocol() == app_protocol::dcerpc);
    return one.is_reversed();
  };
  constexpr auto answer2 = "00000054 fe534d42 4000 0100 00000000 0100 0100 01000000 00000000";
  constexpr auto request2 = "00000054 fe534d42 4000 0100 00000000 0100 0100 00000000 00000000";
  constexpr auto answer1 = "00000054 ff534d42 72 00000000 98 01c8 00000000000000000000";
  constexpr auto answer_rpc = "05000203 10000000 4800 0000 02000000";
  constexpr auto call_rpc = "05000003 10000000 4800 0000 02000000";
  for (const auto* hex : {answer2, answer1, answer_rpc}) {
    BOOST_TEST(reversed(hex, direction::to_server, true));
    BOOST_TEST(!reversed(hex, direction::to_server, false)); // its start was seen
    BOOST_TEST(!reversed(hex, direction::to_client, true));
  }
  for (const auto* hex : {request2, call_rpc}) {
    BOOST_TEST(reversed(hex, direction::to_client, true));
    BOOST_TEST(!reversed(hex, direction::to_server, true));
  }
}

BOOST_AUTO_TEST_SUITE_END()
