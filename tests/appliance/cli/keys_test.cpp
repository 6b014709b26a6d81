#include "appliance/cli/keys.hpp"

#include "capture/base/z85.hpp"

#include <boost/test/unit_test.hpp>
#include <sodium.h>
#include <zmq.h>

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(keys_command)

using namespace cresset;
using namespace cresset::appliance::cli;

struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-cli-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

BOOST_FIXTURE_TEST_CASE(a_pair_is_two_files_and_the_secret_is_its_owners_alone, folder) {
  const auto made = new_keys({path / "made", "berne", key_kind::curve});
  BOOST_REQUIRE_MESSAGE(made, (made ? "" : made.error()));
  struct stat status {};
  BOOST_REQUIRE(stat((path / "made" / "berne.key").c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600);
  const auto secret = load_key_file(path / "made" / "berne.key");
  const auto shown = load_key_file(path / "made" / "berne.pub");
  BOOST_REQUIRE(secret);
  BOOST_REQUIRE(shown);
  BOOST_TEST(secret->has_secret());
  BOOST_TEST(!shown->has_secret());
  BOOST_TEST(secret->name == "berne");
  BOOST_TEST((secret->public_key == shown->public_key));
}

BOOST_FIXTURE_TEST_CASE(the_halves_of_a_curve_pair_belong_together_as_zeromq_sees_it, folder) {
  BOOST_REQUIRE(new_keys({path, "berne", key_kind::curve}));
  const auto key = load_key_file(path / "berne.key");
  BOOST_REQUIRE(key);
  char derived[41];
  BOOST_REQUIRE(zmq_curve_public(derived, to_z85(key->secret_key).c_str()) == 0);
  BOOST_TEST(to_z85(key->public_key) == derived);
}

BOOST_FIXTURE_TEST_CASE(the_secret_of_a_signing_pair_is_its_seed, folder) {
  for (const auto kind : {key_kind::sign, key_kind::identity}) {
    const std::string name{to_string(kind)};
    BOOST_REQUIRE(new_keys({path, name, kind}));
    const auto key = load_key_file(path / (name + ".key"));
    BOOST_REQUIRE(key);
    std::vector<std::byte> derived(32);
    std::array<unsigned char, crypto_sign_SECRETKEYBYTES> expanded{};
    crypto_sign_seed_keypair(reinterpret_cast<unsigned char*>(derived.data()), expanded.data(),
                             reinterpret_cast<const unsigned char*>(key->secret_key.data()));
    BOOST_TEST((derived == key->public_key));
  }
}

BOOST_FIXTURE_TEST_CASE(two_pairs_are_never_the_same, folder) {
  BOOST_REQUIRE(new_keys({path, "a", key_kind::curve}));
  BOOST_REQUIRE(new_keys({path, "b", key_kind::curve}));
  BOOST_TEST(
      (load_key_file(path / "a.key")->secret_key != load_key_file(path / "b.key")->secret_key));
}

BOOST_FIXTURE_TEST_CASE(nothing_is_written_over_and_no_half_is_left, folder) {
  BOOST_REQUIRE(new_keys({path, "berne", key_kind::curve}));
  BOOST_TEST(new_keys({path, "berne", key_kind::curve}).error().find("is there already") !=
             std::string::npos);
  std::filesystem::remove(path / "berne.key");
  BOOST_TEST(!new_keys({path, "berne", key_kind::curve}));
  BOOST_TEST(!std::filesystem::exists(path / "berne.key"));
}

BOOST_FIXTURE_TEST_CASE(names_and_folders_that_cannot_be_are_told, folder) {
  BOOST_TEST(new_keys({path, "../up", key_kind::curve}).error().find("'../up' is no name") !=
             std::string::npos);
  std::ofstream{path / "file"} << "x";
  BOOST_TEST(
      new_keys({path / "file" / "x", "berne", key_kind::curve}).error().find("cannot be made") !=
      std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(show_tells_everything_but_the_secret, folder) {
  BOOST_REQUIRE(new_keys({path, "berne", key_kind::curve}));
  const auto key = load_key_file(path / "berne.key");
  const auto text = show_key(path / "berne.key");
  BOOST_REQUIRE(text);
  BOOST_TEST(text->find("z85: " + to_z85(key->public_key)) != std::string::npos);
  BOOST_TEST(text->find("not shown") != std::string::npos);
  BOOST_TEST(
      text->find(print_key_file(*key, true).substr(print_key_file(*key, false).size() + 8, 64)) ==
      std::string::npos);
  BOOST_TEST(show_key(path / "absent.pub").error().find("absent.pub") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
