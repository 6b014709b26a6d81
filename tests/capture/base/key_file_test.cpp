#include "capture/base/key_file.hpp"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(key_files)

using namespace cresset;

struct folder {
  folder() {
    std::string name = (std::filesystem::temp_directory_path() / "cresset-key-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(name.data()));
    path = name;
  }
  ~folder() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

key_file example(key_kind kind) {
  return {kind, "a", std::vector<std::byte>(32, std::byte{0x17}),
          std::vector<std::byte>(32, std::byte{0x4f})};
}

BOOST_AUTO_TEST_CASE(every_kind_comes_back_as_it_was_written) {
  for (const auto kind : {key_kind::curve, key_kind::sign, key_kind::identity}) {
    const auto back = parse_key_file(print_key_file(example(kind), true), "x");
    BOOST_REQUIRE(back);
    BOOST_TEST((back->kind == kind));
    BOOST_TEST((back->public_key == example(kind).public_key));
    BOOST_TEST((back->secret_key == example(kind).secret_key));
  }
}

BOOST_AUTO_TEST_CASE(the_public_form_holds_no_secret) {
  const auto text = print_key_file(example(key_kind::curve), false);
  BOOST_TEST(text.find("secret") == std::string::npos);
  BOOST_TEST(!parse_key_file(text, "x")->has_secret());
}

BOOST_AUTO_TEST_CASE(a_damaged_file_is_refused_by_name) {
  const auto good = print_key_file(example(key_kind::curve), true);
  const auto replaced = [&](std::string_view from, std::string_view to) {
    auto text = good;
    return text.replace(text.find(from), from.size(), to);
  };
  const std::pair<std::string, std::string> cases[] = {
      {"", "k: no key file"},
      {std::string(5000, 'x'), "k: too long"},
      {replaced("kind: curve", "kind: rsa"), "k: its second line must be"},
      {replaced("curve25519", "ed25519"), "k: its third line must be 'algorithm: curve25519'"},
      {replaced("public: 1", "public: g"), "k: the public key is damaged"},
      {replaced("public: 17", "public: "), "k: the public key is damaged"},
      {good.substr(0, good.size() - 4), "k: the secret key is damaged"},
      {good + "more\n", "k: the secret key is damaged"},
  };
  for (const auto& [text, reason] : cases) {
    const auto read = parse_key_file(text, "k");
    BOOST_REQUIRE(!read);
    BOOST_TEST(read.error().text.starts_with(reason), read.error().text);
  }
}

BOOST_AUTO_TEST_CASE(names_that_could_lead_elsewhere_are_none) {
  for (const auto name : {"sensor-berne-1", "a", "9.x_y"})
    BOOST_TEST(is_key_name(name), name);
  for (const auto name : {"", ".hidden", "-x", "../x", "a/b", "a b", "a\n"})
    BOOST_TEST(!is_key_name(name), name);
  BOOST_TEST(!is_key_name(std::string(65, 'a')));
}

BOOST_AUTO_TEST_CASE(a_secret_is_written_for_its_owner_alone_and_read_only_so) {
  const folder temporary;
  const auto path = temporary.path / "a.key";
  BOOST_REQUIRE(save_key_file(path, example(key_kind::curve), true));
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600);
  BOOST_REQUIRE(load_key_file(path));
  BOOST_TEST(load_key_file(path)->name == "a");
  ::chmod(path.c_str(), 0640);
  const auto open_to_others = load_key_file(path);
  BOOST_REQUIRE(!open_to_others);
  BOOST_TEST(open_to_others.error().text.find("chmod 600") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_is_never_written_over) {
  const folder temporary;
  const auto path = temporary.path / "a.pub";
  BOOST_REQUIRE(save_key_file(path, example(key_kind::curve), false));
  const auto again = save_key_file(path, example(key_kind::sign), false);
  BOOST_REQUIRE(!again);
  BOOST_TEST(again.error().text.find("is there already") != std::string::npos);
  BOOST_TEST((load_key_file(path)->kind == key_kind::curve));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_named) {
  const folder temporary;
  BOOST_TEST(load_key_file(temporary.path / "absent").error().text.find("absent: cannot be read") !=
             std::string::npos);
  BOOST_TEST(load_key_file(temporary.path).error().text.find("not a file") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
