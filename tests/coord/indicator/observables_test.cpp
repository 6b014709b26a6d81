#include "coord/indicator/observables.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

using namespace cresset;
using namespace cresset::coord::indicator;

namespace {

detect::alert::alert alert_with(std::string application) {
  detect::alert::alert made;
  made.tuple = five_tuple{*ip_address::parse("192.0.2.1"), *ip_address::parse("192.0.2.2"), 1, 2,
                          ip_protocol::tcp};
  made.transaction_json = std::move(application);
  return made;
}

template <typename Values>
bool has(const Values& all, std::string_view wanted) {
  return std::ranges::find(all, wanted) != all.end();
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_indicator_observables)

BOOST_AUTO_TEST_CASE(http_gives_host_url_and_the_hashes_of_its_files) {
  const auto all = observables_of(
      alert_with(R"("http":{"hostname":"Evil.Example","url":"/a?b","http_method":"GET"},)"
                 R"("files":[{"filename":"x","md5":"d41d8cd98f00b204e9800998ecf8427e"}])"),
      true);
  BOOST_TEST(all.addresses.size() == 2U);
  BOOST_TEST(has(all.domains, "evil.example"));
  BOOST_TEST(has(all.urls, "evil.example/a?b"));
  BOOST_TEST(has(all.hashes, "d41d8cd98f00b204e9800998ecf8427e"));
}

BOOST_AUTO_TEST_CASE(dns_and_tls_give_their_names_and_answers_their_addresses) {
  const auto dns = observables_of(
      alert_with(
          R"("dns":{"query":[{"rrname":"c2.example"}],"answers":[{"rrname":"c2.example","rdata":"203.0.113.9"}]})"),
      true);
  BOOST_TEST(has(dns.domains, "c2.example"));
  BOOST_TEST(dns.addresses.size() == 3U);
  const auto tls = observables_of(
      alert_with(
          R"("tls":{"sni":"c2.example","fingerprint":"aa:bb:cc:dd:ee:ff:00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd"})"),
      true);
  BOOST_TEST(has(tls.domains, "c2.example"));
  BOOST_TEST(has(tls.hashes, "aabbccddeeff00112233445566778899aabbccdd"));
}

BOOST_AUTO_TEST_CASE(a_host_with_a_port_or_an_address_for_a_host_is_understood) {
  const auto all =
      observables_of(alert_with(R"("http":{"hostname":"203.0.113.5:8080","url":"/a"})"), true);
  BOOST_TEST(all.addresses.size() == 3U);
  BOOST_TEST(has(all.urls, "203.0.113.5:8080/a"));
}

BOOST_AUTO_TEST_CASE(without_the_application_only_addresses_are_taken) {
  const auto all = observables_of(alert_with(R"("tls":{"sni":"c2.example"})"), false);
  BOOST_TEST(all.size() == 2U);
}

BOOST_AUTO_TEST_CASE(damaged_deep_or_endless_json_gives_what_is_sure_and_no_more) {
  BOOST_TEST(observables_of(alert_with("\"tls\":{"), true).size() == 2U);
  BOOST_TEST(observables_of(alert_with("\"a\":" + std::string(100, '[')), true).size() == 2U);
  std::string many = "\"dns\":{\"answers\":[";
  for (int i = 0; i < 500; ++i)
    many += "{\"rrname\":\"h" + std::to_string(i) + ".example\"},";
  many.back() = ']';
  BOOST_TEST(observables_of(alert_with(many + "}"), true).size() <= observables_limit);
}

BOOST_AUTO_TEST_SUITE_END()
