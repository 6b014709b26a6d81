#include "detect/proto/tls/parser.hpp"

#include "tests/detect/proto/tls/sample.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::tls;
using namespace cresset::test;
using namespace cresset::test::tls_sample;

namespace {

constexpr auto to_server = direction::to_server;
constexpr auto to_client = direction::to_client;

struct flow {
  tls::settings wanted;
  tls::parser parser{wanted};

  parse_status client(std::string_view bytes) { return feed(parser, to_server, bytes); }
  parse_status server(std::string_view bytes) { return feed(parser, to_client, bytes); }
  const handshake& tx() {
    BOOST_REQUIRE(parser.transactions().size() == 1U);
    return static_cast<const handshake&>(*parser.transactions()[0]);
  }
  std::string buffer(buffer_index id, std::size_t i = 0) {
    const auto bytes = tx().buffer(static_cast<buffer_id>(id), i);
    return bytes ? std::string{as_text(*bytes)} : "(none)";
  }
  std::uint64_t field(field_index id) {
    return tx().field(static_cast<field_id>(id), 0).value_or(0xffffffff);
  }
  bool has_event(std::string_view event) {
    for (const auto one : tx().events())
      if (one == event)
        return true;
    return false;
  }
};

const conversation full{
    cresset::test::client(record(22, hello_of_client(sni("host.example") + alpn("h2")), 0x0301)),
    cresset::test::server(
        record(22, hello_of_server(alpn("h2")) + certificate(der) + message(14, ""))),
    cresset::test::client(record(22, message(16, "key")) + change_keys + encrypted),
    cresset::test::server(change_keys + encrypted)};

} // namespace

BOOST_AUTO_TEST_SUITE(tls_parser)

BOOST_AUTO_TEST_CASE(a_whole_handshake_fills_the_buffers) {
  flow f;
  BOOST_CHECK(f.client(full[0].bytes) == parse_status::consumed);
  BOOST_TEST(f.tx().progress_of(to_server) == static_cast<progress>(client_progress::hello));
  BOOST_CHECK(f.server(full[1].bytes) == parse_status::consumed);
  BOOST_TEST(f.tx().progress_of(to_client) == static_cast<progress>(server_progress::hello_done));
  BOOST_CHECK(f.client(full[2].bytes) == parse_status::finished);
  BOOST_CHECK(f.server(full[3].bytes) == parse_status::finished);
  BOOST_TEST(f.tx().is_done());
  BOOST_TEST(f.tx().events().empty());
  BOOST_TEST(f.buffer(buffer_index::sni) == "host.example");
  BOOST_TEST(f.buffer(buffer_index::alpn_ts) == "h2");
  BOOST_TEST(f.buffer(buffer_index::alpn_tc) == "h2");
  BOOST_TEST(f.buffer(buffer_index::certs_tc) == der);
  BOOST_TEST(f.buffer(buffer_index::certs_ts) == "(none)");
  BOOST_TEST(f.buffer(buffer_index::cert_subject_tc) == "C=FR, ST=IDF, O=Example, CN=host.example");
  BOOST_TEST(f.buffer(buffer_index::cert_serial_tc) == "00:97:E6");
  BOOST_TEST(f.buffer(buffer_index::subjectaltname_tc, 1) == "192.0.2.7");
  BOOST_TEST(f.buffer(buffer_index::random_time_ts) == "rrrr");
  BOOST_TEST(f.buffer(buffer_index::random_bytes_tc).size() == 28U);
  BOOST_TEST(f.buffer(buffer_index::ja3_string) == "771,4865-49199,0-16,,");
  BOOST_TEST(f.buffer(buffer_index::ja3s_string) == "771,49199,16");
  BOOST_TEST(f.buffer(buffer_index::ja3_hash).size() == 32U);
  BOOST_TEST(f.buffer(buffer_index::ja4_hash).starts_with("t12d0202h2_"));
  BOOST_TEST(f.field(field_index::version_tc) == 0x0303U);
  BOOST_TEST(f.field(field_index::cert_chain_len_tc) == 1U);
  BOOST_TEST(f.field(field_index::state_ts) == 5U);
  BOOST_TEST(f.field(field_index::state_tc) == 2U);
}

BOOST_AUTO_TEST_CASE(the_handshake_is_written_as_the_event_log_knows_it) {
  flow f;
  for (const auto& [way, bytes] : full)
    feed(f.parser, way, bytes);
  BOOST_TEST(
      members_of(f.tx()) ==
      R"({"subject":"C=FR, ST=IDF, O=Example, CN=host.example",)"
      R"("issuerdn":"C=FR, ST=IDF, O=Example, CN=host.example","serial":"00:97:E6",)"
      R"("fingerprint":"4f:eb:60:ae:58:44:33:9d:ce:e6:bc:8a:f7:ce:16:f7:c2:bc:34:dd","sni":"host.example",)"
      R"("version":"TLS 1.2","notbefore":"2026-11-21T23:33:25","notafter":"2036-11-18T23:33:25",)"
      R"("subjectaltname":["host.example","192.0.2.7","a@b.example"],"client_alpns":["h2"],"server_alpns":["h2"]})");
}

BOOST_AUTO_TEST_CASE(the_same_bytes_give_the_same_handshake_however_they_are_cut) {
  const tls::settings wanted;
  const auto all = summaries_of_all_splits([&] { return std::make_unique<tls::parser>(wanted); },
                                           tls::description, full);
  for (const auto& one : all)
    BOOST_REQUIRE(one == all.front());
}

BOOST_AUTO_TEST_CASE(messages_may_be_spread_over_records_and_share_them) {
  const auto hello = hello_of_client(sni("a.b"));
  std::string stream;
  for (const char byte : hello)
    stream += record(22, std::string(1, byte), 0x0301);
  flow f;
  f.client(stream);
  BOOST_TEST(f.buffer(buffer_index::sni) == "a.b");
}

BOOST_AUTO_TEST_CASE(versions_are_those_of_the_extension) {
  flow f;
  f.client(record(22, hello_of_client(extension(43, from_hex("06 0a0a 0304 0303")))));
  f.server(record(22, hello_of_server(extension(43, from_hex("0304")))) + change_keys +
           record(23, "data"));
  BOOST_TEST(f.field(field_index::version_ts) == 0x0304U);
  BOOST_TEST(f.field(field_index::version_tc) == 0x0304U);
  BOOST_TEST(!f.tx().is_resumed());
  BOOST_TEST(f.tx().is_done(to_client));
  BOOST_TEST(version_text(0x0301) == "TLSv1");
  BOOST_TEST(version_text(0x7f0e) == "TLS 1.3 draft-<16");
  BOOST_TEST(version_text(0x7f1c) == "TLS 1.3 draft-28");
  BOOST_TEST(version_text(0x9999) == "0x9999");
}

BOOST_AUTO_TEST_CASE(the_server_hello_of_an_early_draft_is_read) {
  flow f;
  f.server(record(22, message(2, number(0x0304, 2) + random_bytes + from_hex("c02b 0000"))));
  BOOST_TEST(f.tx().server()->cipher == 0xc02b);
  BOOST_TEST(members_of(f.tx()) == R"({"version":"TLS 1.3 draft-<16"})");
}

BOOST_AUTO_TEST_CASE(without_a_server_the_version_is_the_client_s) {
  flow f;
  f.client(record(22, hello_of_client("")));
  BOOST_TEST(members_of(f.tx()) == R"({"version":"TLS 1.2"})");
}

BOOST_AUTO_TEST_CASE(a_session_that_goes_on_has_no_certificate) {
  flow f;
  f.client(record(22, hello_of_client("", "session")));
  f.server(record(22, hello_of_server("", "session")) + change_keys + encrypted);
  BOOST_TEST(f.tx().is_resumed());
  BOOST_TEST(members_of(f.tx()) == R"({"session_resumed":true,"version":"TLS 1.2"})");
}

BOOST_AUTO_TEST_CASE(the_hello_of_ssl_2_is_read) {
  flow f;
  const auto body = from_hex("01 0301 0006 0000 0010 00002f 010080") + std::string(16, 'c');
  f.client(from_hex("80") + static_cast<char>(body.size()) + body);
  BOOST_TEST(f.field(field_index::version_ts) == 0x0301U);
  BOOST_REQUIRE(f.tx().client()->ciphers.size() == 1U);
  BOOST_TEST(f.tx().client()->ciphers[0] == 0x2f);
}

BOOST_AUTO_TEST_CASE(names_that_are_none_become_events) {
  const auto raises = [](const std::string& extensions, std::string_view event) {
    flow f;
    f.client(record(22, hello_of_client(extensions)));
    BOOST_TEST_CONTEXT(event) {
      BOOST_TEST(f.has_event(event));
    }
  };
  raises(sni("a") + sni("b"), "multiple_sni_extensions");
  raises(extension(0, from_hex("0004 01 0001 61")), "invalid_sni_type");
  raises(extension(0, from_hex("0004 00 0009 61")), "invalid_sni_length");
  raises(from_hex("0000 00ff 00"), "handshake_invalid_length");
}

BOOST_AUTO_TEST_CASE(damaged_records_stop_the_direction_with_an_event) {
  const auto stops = [](const std::string& bytes, std::string_view event) {
    flow f;
    BOOST_TEST_CONTEXT(event) {
      BOOST_CHECK(f.client(bytes) == parse_status::malformed);
      BOOST_CHECK(f.client("more") == parse_status::malformed);
      BOOST_TEST(f.has_event(event));
    }
  };
  stops(from_hex("19 0303 0001 00"), "invalid_tls_header");
  stops(record(22, hello_of_client("")) + from_hex("19 0303 0001 00"), "invalid_record_type");
  stops(from_hex("16 0203 0001 00"), "invalid_record_version");
  stops(from_hex("16 0303 ffff 00"), "invalid_ssl_record");
  stops(record(22, message(1, "short")), "handshake_invalid_length");
  stops(from_hex("8001 01"), "invalid_sslv2_header");
}

BOOST_AUTO_TEST_CASE(chains_are_bounded_and_their_lengths_checked) {
  flow f;
  f.client(record(22, hello_of_client("")));
  std::string many;
  for (std::size_t i = 0; i < tls::parser::chain_limit + 4; ++i)
    many += sized("x", 3);
  f.server(record(22, hello_of_server("") + message(11, sized(many, 3))));
  BOOST_TEST(f.field(field_index::cert_chain_len_tc) == tls::parser::chain_limit);
  BOOST_TEST(f.has_event("certificate_invalid_der"));
  flow cut;
  cut.server(record(22, hello_of_server("") + message(11, from_hex("000005 0000ff 00"))));
  BOOST_TEST(cut.has_event("certificate_invalid_length"));
}

BOOST_AUTO_TEST_CASE(a_message_over_the_limit_is_passed_over) {
  flow f;
  f.server(record(22, hello_of_server("")));
  const auto huge = message(11, std::string(tls::parser::message_limit_bytes + 1, 'x'));
  for (std::size_t i = 0; i < huge.size(); i += 16000)
    f.server(record(22, huge.substr(i, 16000)));
  f.server(record(22, message(14, "")));
  BOOST_TEST(f.has_event("handshake_invalid_length"));
  BOOST_TEST(f.tx().progress_of(to_client) == static_cast<progress>(server_progress::hello_done));
}

BOOST_AUTO_TEST_CASE(heartbeats_are_looked_at) {
  flow f;
  f.client(record(22, hello_of_client("")) +
           record(24, from_hex("01 4000") + std::string(16, 'p')));
  BOOST_TEST(f.has_event("heartbeat_message"));
  BOOST_TEST(f.has_event("overflow_heartbeat_message"));
  f.server(record(24, from_hex("02 4000") + std::string(16000, 'p')));
  BOOST_TEST(f.has_event("dataleak_heartbeat_mismatch"));
  flow odd;
  odd.client(record(24, from_hex("07 0001 00")));
  BOOST_TEST(odd.has_event("invalid_heartbeat_message"));
}

BOOST_AUTO_TEST_CASE(a_gap_in_the_handshake_ends_the_direction) {
  flow f;
  f.client(record(22, hello_of_client("")).substr(0, 30));
  BOOST_CHECK(f.parser.gap(to_server, 10) == parse_status::malformed);
  flow done;
  done.client(record(23, "data"));
  BOOST_CHECK(done.parser.gap(to_server, 10) == parse_status::finished);
}

BOOST_AUTO_TEST_CASE(an_end_makes_the_transaction_done_and_a_released_one_is_gone) {
  flow f;
  f.client(record(22, hello_of_client("")));
  f.parser.end(to_server);
  f.parser.end(to_client);
  BOOST_TEST(f.tx().is_done());
  f.parser.release(7);
  BOOST_TEST(f.parser.transactions().size() == 1U);
  f.parser.release(0);
  BOOST_TEST(f.parser.transactions().empty());
  f.server(record(22, hello_of_server("")));
  BOOST_TEST(f.parser.transactions().empty());
}

BOOST_AUTO_TEST_SUITE_END()
