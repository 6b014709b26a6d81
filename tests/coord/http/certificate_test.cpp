#include "coord/http/certificate.hpp"

#include "tests/coord/http/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <sstream>

using namespace cresset::coord::http;

namespace {

std::string content(const std::filesystem::path& path) {
  std::ostringstream out;
  out << std::ifstream{path}.rdbuf();
  return out.str();
}

} // namespace

BOOST_AUTO_TEST_SUITE(coord_http_certificate)

BOOST_AUTO_TEST_CASE(the_first_start_makes_a_pair_and_the_second_keeps_it) {
  const temporary_folder state;
  const auto files = own_certificate(state.path(), {"localhost", "127.0.0.1", "::1"});
  const auto key = content(files.key);
  BOOST_TEST(key.starts_with("-----BEGIN PRIVATE KEY-----"));
  BOOST_TEST(content(files.certificate).starts_with("-----BEGIN CERTIFICATE-----"));
  BOOST_TEST((std::filesystem::status(files.key).permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
  own_certificate(state.path(), {"localhost"});
  BOOST_TEST(content(files.key) == key);
}

BOOST_AUTO_TEST_CASE(the_fingerprint_is_for_people_to_compare) {
  const temporary_folder state;
  const auto print = certificate_fingerprint(own_certificate(state.path(), {}).certificate);
  BOOST_TEST(print.starts_with("SHA-256 "));
  BOOST_TEST(print.size() == 8U + 32 * 3 - 1);
}

BOOST_AUTO_TEST_CASE(a_certificate_that_lost_its_key_is_told_with_the_remedy) {
  const temporary_folder state;
  std::filesystem::remove(own_certificate(state.path(), {}).key);
  BOOST_CHECK_EXCEPTION(
      own_certificate(state.path(), {}), std::runtime_error, [](const std::exception& e) {
        return std::string{e.what()}.find("put the key back") != std::string::npos;
      });
}

BOOST_AUTO_TEST_CASE(a_folder_that_is_not_there_is_named) {
  BOOST_CHECK_EXCEPTION(
      own_certificate("/nonexistent/folder", {}), std::runtime_error, [](const std::exception& e) {
        return std::string{e.what()}.find("/nonexistent/folder") != std::string::npos;
      });
}

BOOST_AUTO_TEST_CASE(a_file_without_a_certificate_has_no_fingerprint) {
  BOOST_CHECK_THROW(certificate_fingerprint("/dev/null"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
