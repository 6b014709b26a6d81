#include "detect/rule/header.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset::detect::rule;

namespace {

text::parsed<header> read(const std::string& words) {
  variables names;
  const auto whole = words + " (sid:1;)";
  const auto cut = text::cut(whole);
  BOOST_REQUIRE(cut);
  return parse_header(*cut, names);
}

} // namespace

BOOST_AUTO_TEST_SUITE(a_rule_header)

BOOST_AUTO_TEST_CASE(knows_transports_and_application_protocols) {
  struct expectation {
    const char* word;
    transport below;
    const char* application;
  };
  for (const auto& [word, below, application] :
       std::initializer_list<expectation>{{"ip", transport::ip, ""},
                                          {"TCP", transport::tcp, ""},
                                          {"tcp-pkt", transport::tcp, ""},
                                          {"icmpv6", transport::icmpv6, ""},
                                          {"sctp", transport::sctp, ""},
                                          {"pkthdr", transport::ip, ""},
                                          {"http", transport::tcp, "http"},
                                          {"http1", transport::tcp, "http1"},
                                          {"ssl", transport::tcp, "tls"},
                                          {"ikev2", transport::udp, "ike"},
                                          {"dns", transport::ip, "dns"},
                                          {"ftp-data", transport::tcp, "ftp-data"}}) {
    const auto made = read(std::string{"alert "} + word + " any any -> any any");
    BOOST_CHECK_MESSAGE(made && made->transport == below && made->app_protocol == application,
                        word);
  }
  BOOST_CHECK(read("alert tcp-pkt any any -> any any")->tcp_bytes == tcp_bytes::packet);
  BOOST_CHECK(read("alert pkthdr any any -> any any")->decoder_only);
  BOOST_CHECK(read("alert http1:request_line any any -> any any")->hook == "request_line");
}

BOOST_AUTO_TEST_CASE(knows_actions_and_directions) {
  BOOST_CHECK(read("drop ip any any <> any any")->direction == header_direction::both_ways);
  BOOST_CHECK(read("rejectboth ip any any -> any any")->action == action::reject_both);
  BOOST_CHECK(read("pass IP any any -> any any")->action == action::pass);
  BOOST_CHECK(read("alert http any any => any any")->direction == header_direction::transaction);
  const auto made = read("alert tcp 10.0.0.0/8 1024: -> any [80,443]");
  BOOST_CHECK(made && !made->has_any_address() && !made->has_any_port() &&
              made->destination_port->contains(443));
}

BOOST_AUTO_TEST_CASE(is_refused_where_a_word_is_unknown) {
  for (const auto* words :
       {"log ip any any -> any any", "alert frob any any -> any any", "alert ip any any <- any any",
        "alert ip x any -> any any", "alert ip any x -> any any", "alert ip any any -> $X any",
        "alert ip any any -> any $X", "alert tcp any any => any any",
        "alert tcp: any any -> any any"})
    BOOST_CHECK_MESSAGE(!read(words), words);
  const auto refused = read("alert ip any any -> $X any");
  BOOST_CHECK(refused.error().offset == 20);
}

BOOST_AUTO_TEST_SUITE_END()
