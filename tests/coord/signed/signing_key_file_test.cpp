#include "coord/signed/signing_key_file.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <unistd.h>

using namespace cresset;
using namespace cresset::coord::signed_;
namespace fs = std::filesystem;

namespace {
struct scratch_folder {
  fs::path path = fs::temp_directory_path() / ("cresset-signing-key-" + std::to_string(::getpid()));
  scratch_folder() { fs::create_directory(path); }
  ~scratch_folder() { fs::remove_all(path); }
};
} // namespace

BOOST_FIXTURE_TEST_SUITE(signing_key_file_text, scratch_folder)

BOOST_AUTO_TEST_CASE(a_key_reads_back_and_signs_as_before) {
  const auto key = signing_key::generate();
  BOOST_REQUIRE(save_signing_key(path / "a.key", key_kind::sign, key).has_value());
  const auto read = load_signing_key(path / "a.key", key_kind::sign);
  BOOST_REQUIRE(read.has_value());
  BOOST_TEST(verify(key.public_half(), "x", read->sign("x")));
}

BOOST_AUTO_TEST_CASE(a_key_that_others_can_read_is_refused) {
  BOOST_REQUIRE(
      save_signing_key(path / "b.key", key_kind::sign, signing_key::generate()).has_value());
  fs::permissions(path / "b.key", fs::perms::group_read, fs::perm_options::add);
  BOOST_TEST(!load_signing_key(path / "b.key", key_kind::sign).has_value());
}

BOOST_AUTO_TEST_CASE(halves_that_do_not_belong_together_are_refused) {
  BOOST_REQUIRE(
      save_signing_key(path / "c.key", key_kind::identity, signing_key::generate()).has_value());
  auto file = *load_key_file(path / "c.key");
  const auto other = signing_key::generate().public_half().bytes; // a copy: the key goes at once
  std::copy(other.begin(), other.end(), file.public_key.begin());
  if (save_key_file(path / "d.key", file, true)) // the reader of key files may refuse it already
    BOOST_TEST(!load_signing_key(path / "d.key", key_kind::identity).has_value());
}

BOOST_AUTO_TEST_CASE(other_keys_and_missing_files_are_named) {
  key_file curve{key_kind::curve, "e", std::vector<std::byte>(32), std::vector<std::byte>(32)};
  BOOST_REQUIRE(save_key_file(path / "e.key", curve, true).has_value());
  BOOST_TEST(load_signing_key(path / "e.key", key_kind::sign).error().text.find("e.key") !=
             std::string::npos);
  BOOST_TEST(load_signing_key(path / "none.key", key_kind::sign).error().text.find("none.key") !=
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
