#include "coord/people/secret_box.hpp"

#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

using namespace cresset;
using namespace cresset::coord::people;

namespace {

secret_box::key key_of(int number) {
  secret_box::key key{};
  key[0] = static_cast<std::byte>(number);
  return key;
}

struct folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("cresset_box_" + std::to_string(::getpid()));
  folder() { std::filesystem::create_directories(path); }
  ~folder() { std::filesystem::remove_all(path); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(coord_people_secret_box)

BOOST_AUTO_TEST_CASE(what_was_sealed_opens_for_its_owner_alone) {
  const secret_box box{key_of(1)};
  const auto sealed = box.seal(as_bytes("a secret"), 7);
  BOOST_TEST(as_text(box.open(sealed, 7).value()) == "a secret");
  BOOST_TEST(!box.open(sealed, 8));
  BOOST_TEST(!(secret_box{key_of(2)}.open(sealed, 7)));
  BOOST_TEST((box.seal(as_bytes("a secret"), 7) != sealed));
}

BOOST_AUTO_TEST_CASE(a_changed_or_cut_seal_does_not_open) {
  const secret_box box{key_of(1)};
  const auto sealed = box.seal(as_bytes("a secret"), 7);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    auto changed = sealed;
    changed[i] ^= std::byte{1};
    BOOST_TEST(!box.open(changed, 7));
    BOOST_TEST(!box.open(byte_view{sealed}.first(i), 7));
  }
}

BOOST_AUTO_TEST_CASE(a_digest_depends_on_key_owner_and_text) {
  const secret_box box{key_of(1)};
  BOOST_TEST((box.digest("code", 7) == box.digest("code", 7)));
  BOOST_TEST((box.digest("code", 7) != box.digest("code", 8)));
  BOOST_TEST((box.digest("code", 7) != box.digest("cod", 7)));
  BOOST_TEST((box.digest("code", 7) != secret_box{key_of(2)}.digest("code", 7)));
}

BOOST_AUTO_TEST_CASE(the_key_is_made_once_and_is_for_its_owner_alone) {
  const folder here;
  const auto file = here.path / "second-factor.key";
  const auto made = own_secret_key(file);
  BOOST_TEST((own_secret_key(file) == made));
  BOOST_TEST((std::filesystem::status(file).permissions() ==
              (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
  std::filesystem::permissions(file, std::filesystem::perms::group_read,
                               std::filesystem::perm_options::add);
  BOOST_CHECK_THROW(own_secret_key(file), std::runtime_error);
}

BOOST_AUTO_TEST_CASE(a_file_of_another_length_and_a_missing_folder_are_said) {
  const folder here;
  const auto file = here.path / "short.key";
  std::ofstream{file} << "short";
  std::filesystem::permissions(file, std::filesystem::perms::owner_read,
                               std::filesystem::perm_options::replace);
  BOOST_CHECK_THROW(own_secret_key(file), std::runtime_error);
  BOOST_CHECK_THROW(own_secret_key(here.path / "none" / "x.key"), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
