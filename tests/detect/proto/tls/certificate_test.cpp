#include "detect/proto/tls/certificate.hpp"

#include "tests/detect/proto/tls/sample.hpp"

#include <boost/test/unit_test.hpp>

using namespace cresset;
using namespace cresset::detect::proto;
using namespace cresset::detect::proto::tls;
using namespace cresset::test;

namespace {

bool fails_with(const std::string& der, std::string_view event) {
  certificate_chain chain;
  event_list events;
  read_certificate(der, chain, events);
  return events.has(event);
}
std::string replaced(std::string_view from, const std::string& to) {
  auto der = tls_sample::der;
  const auto at = der.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return der.replace(at, from.size(), to);
}

} // namespace

BOOST_AUTO_TEST_SUITE(tls_certificate)

BOOST_AUTO_TEST_CASE(a_certificate_is_shown_as_the_event_log_writes_it) {
  certificate_chain chain;
  event_list events;
  read_certificate(tls_sample::der, chain, events);
  BOOST_TEST(events.all().empty());
  BOOST_TEST(chain.is_read);
  BOOST_TEST(chain.subject == "C=FR, ST=IDF, O=Example, CN=host.example");
  BOOST_TEST(chain.issuer == chain.subject);
  BOOST_TEST(chain.serial == "00:97:E6");
  BOOST_TEST(chain.fingerprint == "4f:eb:60:ae:58:44:33:9d:ce:e6:bc:8a:f7:ce:16:f7:c2:bc:34:dd");
  BOOST_TEST(date_text(chain.not_before_s) == "2026-11-21T23:33:25");
  BOOST_TEST(date_text(chain.not_after_s) == "2036-11-18T23:33:25");
  BOOST_TEST(chain.alternative_names ==
                 (std::vector<std::string>{"host.example", "192.0.2.7", "a@b.example"}),
             boost::test_tools::per_element());
}
BOOST_AUTO_TEST_CASE(a_certificate_cut_anywhere_is_refused_and_read_no_further) {
  for (std::size_t size = 0; size < tls_sample::der.size(); size += 7) {
    certificate_chain chain;
    event_list events;
    read_certificate(std::string{tls_sample::der.substr(0, size)}, chain, events);
    BOOST_TEST((events.has("certificate_invalid_der") || events.has("certificate_invalid_length") ||
                events.has("invalid_certificate")));
    BOOST_TEST(!chain.is_read);
  }
}
BOOST_AUTO_TEST_CASE(lengths_that_cannot_be_are_told_apart) {
  const auto event_of = [](std::string_view hex) {
    certificate_chain chain;
    event_list events;
    BOOST_TEST(!read_certificate(cresset::test::from_hex(hex), chain, events));
    return events.all().empty() ? std::string{} : std::string{events.all().front()};
  };
  BOOST_TEST(event_of("3006 3084fffffffa 04") == "invalid_certificate");
  BOOST_TEST(event_of("3005 3084ffffff fa04") == "certificate_invalid_length");
  BOOST_TEST(event_of("0401 00") == "certificate_invalid_der");
}
BOOST_AUTO_TEST_CASE(damage_is_named_by_its_field) {
  BOOST_TEST(fails_with(replaced("261121233325Z", "261341233325Z"), "certificate_invalid_date"));
  BOOST_TEST(fails_with(replaced("261121233325Z", "2611212333xxZ"), "certificate_invalid_date"));
  BOOST_TEST(fails_with(replaced(from_hex("02030097e6"), from_hex("04030097e6")),
                        "certificate_invalid_serial"));
  BOOST_TEST(fails_with(replaced(from_hex("300a06082a8648"), from_hex("310a06082a8648")),
                        "certificate_invalid_algorithmidentifier"));
  BOOST_TEST(fails_with(replaced(from_hex("3044310b"), from_hex("30443f0b")),
                        "certificate_invalid_issuer"));
  BOOST_TEST(fails_with(replaced(from_hex("301e170d"), from_hex("311e170d")),
                        "certificate_invalid_validity"));
  BOOST_TEST(fails_with(replaced(from_hex("a37f307d"), from_hex("a37f317d")),
                        "certificate_invalid_extensions"));
}
BOOST_AUTO_TEST_CASE(no_single_changed_byte_does_harm) {
  for (std::size_t i = 0; i < tls_sample::der.size(); ++i)
    for (const char byte : {'\x00', '\x7f', '\x84', '\xff'}) {
      auto der = tls_sample::der;
      der[i] = byte;
      certificate_chain chain;
      event_list events;
      read_certificate(der, chain, events);
    }
}

BOOST_AUTO_TEST_SUITE_END()
