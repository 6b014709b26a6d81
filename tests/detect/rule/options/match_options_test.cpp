#include "detect/rule/options/match_options.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule::options;
using cresset::detect::rule::text::text_cursor;

BOOST_AUTO_TEST_SUITE(conditions_without_a_buffer)

BOOST_AUTO_TEST_CASE(presences_take_no_value_and_checksums_take_two) {
  BOOST_CHECK((*parse_presence("sameip", text_cursor{""}))->field == "sameip");
  BOOST_CHECK(!*parse_presence("sameip", text_cursor{"1"}));
  BOOST_CHECK(!(*parse_presence("tcpv4-csum", text_cursor{"invalid"}))->negated);
  BOOST_CHECK((*parse_presence("tcpv4-csum", text_cursor{"valid"}))->negated);
  BOOST_CHECK(!*parse_presence("tcpv4-csum", text_cursor{"x"}));
  BOOST_CHECK(!parse_presence("frob", text_cursor{""}));
}

BOOST_AUTO_TEST_CASE(words_are_those_of_their_list) {
  BOOST_CHECK((*parse_word_match("ftpdata_command", text_cursor{"STOR"}))->value == "stor");
  BOOST_CHECK((*parse_word_match("ssh.protoversion", text_cursor{"2_compat"}))->value ==
              "2_compat");
  BOOST_CHECK(!*parse_word_match("ftp.reply_received", text_cursor{"maybe"}));
  BOOST_CHECK(!parse_word_match("frob", text_cursor{"yes"}));
}

BOOST_AUTO_TEST_CASE(texts_are_quoted_and_may_be_negated) {
  const auto name = parse_text_match("filename", text_cursor{R"(!"s\"x.pdf")"});
  BOOST_CHECK((*name)->negated && (*name)->nocase && (*name)->pattern == "s\"x.pdf");
  const auto subject = parse_text_match("tls.subject", text_cursor{"\"CN=*.x\""});
  BOOST_CHECK((*subject)->protocols == "tls" && !(*subject)->nocase);
  const auto variable = parse_text_match("flowvar", text_cursor{"myvar,\"example\""});
  BOOST_CHECK((*variable)->key == "myvar" && (*variable)->pattern == "example");
  for (const auto* text : {"", "x", "\"\""})
    BOOST_CHECK(!*parse_text_match("fileext", text_cursor{text}));
}

BOOST_AUTO_TEST_CASE(events_name_their_layer) {
  const auto packet = parse_event_match("decode-event", text_cursor{"ipv4.pkt_too_small"});
  BOOST_CHECK((*packet)->of == event_match::layer::packet &&
              (*packet)->name == "ipv4.pkt_too_small");
  const auto stream = parse_event_match("stream-event", text_cursor{"3whs_syn_flood"});
  BOOST_CHECK((*stream)->of == event_match::layer::stream && (*stream)->name == "3whs_syn_flood");
  const auto old = parse_event_match("app-layer-event", text_cursor{"ikev2.weak_crypto_dh"});
  BOOST_CHECK((*old)->protocol == "ike" && (*old)->name == "weak_crypto_dh");
  const auto recogniser =
      parse_event_match("app-layer-event", text_cursor{"applayer_wrong_direction_first_data"});
  BOOST_CHECK((*recogniser)->protocol.empty());
  BOOST_CHECK(!*parse_event_match("app-layer-event", text_cursor{"frob"}));
  BOOST_CHECK(!*parse_event_match("decode-event", text_cursor{""}));
}

BOOST_AUTO_TEST_CASE(protocols_and_states_read_theirs) {
  const auto made = parse_app_layer_protocol(text_cursor{"!TLS, final"});
  BOOST_CHECK(made && made->negated && made->name == "tls" &&
              made->of == app_layer_protocol::mode::final);
  BOOST_CHECK(parse_app_layer_protocol(text_cursor{"failed"}).has_value());
  BOOST_CHECK(!parse_app_layer_protocol(text_cursor{"tls,frob"}));
  BOOST_CHECK(!parse_app_layer_protocol(text_cursor{""}));
  const auto state = parse_app_layer_state(text_cursor{">request_line"});
  BOOST_CHECK(state && state->how == app_layer_state::test::after && state->name == "request_line");
  BOOST_CHECK(!parse_app_layer_state(text_cursor{">"}));
}

BOOST_AUTO_TEST_CASE(stream_size_takes_side_operator_and_number) {
  const auto made = parse_stream_size(text_cursor{"server, <, 5"});
  BOOST_CHECK(made && made->of == stream_size::side::server && made->size(4) && !made->size(5));
  BOOST_CHECK(parse_stream_size(text_cursor{"both,!=,1"})->size(2));
  for (const auto* text : {"", "server,<", "frob,<,5", "server,~,5", "server,<,x", "server,,5-9"})
    BOOST_CHECK_MESSAGE(!parse_stream_size(text_cursor{text}), text);
}

BOOST_AUTO_TEST_CASE(hashes_countries_and_reputations_read_theirs) {
  const auto list = parse_hash_list("filesha256", text_cursor{"!white.list"});
  BOOST_CHECK((*list)->negated && (*list)->path == "white.list" &&
              (*list)->with == hash_list::algorithm::sha256);
  BOOST_CHECK(!*parse_hash_list("filemd5", text_cursor{""}));
  const auto countries = parse_geoip(text_cursor{"dst,CN,RU"});
  BOOST_CHECK(countries && countries->of == geoip::side::destination &&
              countries->countries.size() == 2);
  BOOST_CHECK(parse_geoip(text_cursor{"!RU"})->negated);
  BOOST_CHECK(!parse_geoip(text_cursor{"src"}));
  BOOST_CHECK(!parse_geoip(text_cursor{"any,!RU,CN"}));
  const auto score = parse_ip_reputation(text_cursor{"dst,CnC,>,30"});
  BOOST_CHECK(score && score->of == ip_reputation::side::destination && score->value(31) &&
              !score->value(30));
  BOOST_CHECK(parse_ip_reputation(text_cursor{"src,Bad,isset"})->how == ip_reputation::test::isset);
  for (const auto* text : {"", "dst,CnC", "dst,CnC,>", "dst,CnC,>,128", "frob,CnC,>,1"})
    BOOST_CHECK_MESSAGE(!parse_ip_reputation(text_cursor{text}), text);
}

BOOST_AUTO_TEST_SUITE_END()
