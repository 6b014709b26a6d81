#include "coord/federation/identity_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <unistd.h>

using namespace cresset::coord::federation;
namespace fs = std::filesystem;

namespace {
struct a_folder {
  fs::path path = fs::temp_directory_path() / ("cresset-identity-" + std::to_string(::getpid()));
  ~a_folder() { fs::remove_all(path); }
};
} // namespace

BOOST_FIXTURE_TEST_SUITE(federation_identity_folder, a_folder)

BOOST_AUTO_TEST_CASE(an_identity_is_made_once_and_loads) {
  const auto made = make_identity(path, "north-cert", {"tcp://192.0.2.1:7400"});
  BOOST_REQUIRE_MESSAGE(made.has_value(), (made ? "" : made.error().sentence));
  BOOST_TEST(!make_identity(path, "north-cert", {}).has_value());
  const auto loaded = load_identity(path);
  BOOST_REQUIRE_MESSAGE(loaded.has_value(), (loaded ? "" : loaded.error().sentence));
  BOOST_TEST(loaded->self.name() == "north-cert");
  BOOST_TEST(loaded->self.record.bytes == made->bytes);
}

BOOST_AUTO_TEST_CASE(a_server_runs_without_the_offline_key) {
  BOOST_REQUIRE(make_identity(path, "north-cert", {}).has_value());
  fs::remove(path / "identity.key");
  BOOST_TEST(load_identity(path).has_value());
  BOOST_TEST(!renew_identity(path, {}).has_value());
}

BOOST_AUTO_TEST_CASE(a_replaced_key_needs_the_next_record) {
  const auto first = make_identity(path, "north-cert", {});
  BOOST_REQUIRE(first.has_value());
  const auto other = path / "other";
  BOOST_REQUIRE(make_identity(other, "other", {}).has_value());
  fs::rename(other / "signing.key", path / "signing.key");
  const auto loaded = load_identity(path);
  BOOST_REQUIRE(!loaded.has_value());
  BOOST_TEST(loaded.error().sentence.find("cresset partner renew") != std::string::npos);
  const auto second = renew_identity(path, {"tcp://192.0.2.1:7400"});
  BOOST_REQUIRE(second.has_value());
  BOOST_TEST(second->record.number == 2U);
  BOOST_TEST(second->record.owner == first->record.owner);
  BOOST_TEST(load_identity(path).has_value());
}

BOOST_AUTO_TEST_CASE(wrong_names_and_missing_files_are_told) {
  BOOST_TEST(!make_identity(path, "North CERT", {}).has_value());
  BOOST_TEST(!make_identity(path, "north-cert", {"http://x"}).has_value());
  BOOST_TEST(!load_identity(path / "none").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
