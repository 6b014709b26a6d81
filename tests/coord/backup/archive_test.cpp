#include "coord/backup/archive.hpp"

#include "tests/detect/uplink/temporary_folder.hpp"

#include <boost/test/unit_test.hpp>

#include <fstream>
#include <map>
#include <sstream>
#include <sys/stat.h>

BOOST_AUTO_TEST_SUITE(coord_backup_archive)

using namespace cresset;
using namespace cresset::coord;
using namespace cresset::coord::backup;

namespace {

const std::map<std::string, std::string> example{
    {"a.txt", "hello"}, {"empty", ""}, {"state/keys/one", std::string(5000, 'x')}};

signed_::digest write_example(const std::filesystem::path& file) {
  auto archive = archive_writer::create(file);
  BOOST_REQUIRE(archive);
  for (const auto& [name, text] : example) {
    BOOST_REQUIRE(archive->begin(name));
    for (std::size_t at = 0; at < text.size(); at += 700)
      BOOST_REQUIRE(archive->write(as_bytes(std::string_view{text}.substr(at, 700))));
    BOOST_REQUIRE(archive->end());
  }
  const auto hash = archive->finish();
  BOOST_REQUIRE(hash);
  return *hash;
}

outcome<std::vector<archive_member>> read_all(const std::filesystem::path& file,
                                              std::map<std::string, std::string>* into = nullptr) {
  auto reader = archive_reader::open(file);
  if (!reader)
    return unexpected{reader.error()};
  return reader->read([&](const archive_member& one) -> outcome<byte_sink> {
    return byte_sink{[into, name = one.name](byte_view piece) -> outcome<void> {
      if (into != nullptr)
        (*into)[name] += as_text(piece);
      return {};
    }};
  });
}

std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::stringstream all;
  all << in.rdbuf();
  return all.str();
}

void put(const std::filesystem::path& file, const std::string& bytes) {
  std::ofstream{file, std::ios::binary} << bytes;
}

} // namespace

BOOST_AUTO_TEST_CASE(what_was_written_is_read_and_only_the_owner_may) {
  const temporary_folder folder;
  const auto file = folder.path() / "b.tar";
  const auto hash = write_example(file);
  std::map<std::string, std::string> read;
  const auto members = read_all(file, &read);
  BOOST_REQUIRE(members);
  BOOST_TEST(members->size() == 4U);
  BOOST_TEST((members->back().hash == hash));
  BOOST_TEST(read["a.txt"] == "hello");
  BOOST_TEST((read["state/keys/one"] == example.at("state/keys/one")));
  struct stat about {};
  BOOST_REQUIRE(::stat(file.c_str(), &about) == 0);
  BOOST_TEST((about.st_mode & 0777) == 0600U);
}

BOOST_AUTO_TEST_CASE(tar_and_sha256sum_check_it_without_us) {
  const temporary_folder folder;
  write_example(folder.path() / "b.tar");
  const auto command = "cd '" + folder.path().string() +
                       "' && tar xf b.tar 2>/dev/null && sha256sum --status -c SHA256SUMS";
  BOOST_TEST(std::system(command.c_str()) == 0);
}

BOOST_AUTO_TEST_CASE(any_changed_byte_is_found) {
  const temporary_folder folder;
  const auto file = folder.path() / "b.tar";
  write_example(file);
  const auto sound = bytes_of(file);
  const auto end = sound.size() - 1024; // what follows are the zeros of the end
  for (std::size_t at = 0; at < end; at += 97) {
    auto damaged = sound;
    damaged[at] = static_cast<char>(damaged[at] ^ 1);
    put(file, damaged);
    const bool is_padding = sound[at] == '\0'; // of a header or behind a member: holds nothing
    BOOST_TEST((is_padding || !read_all(file)), "byte " << at);
  }
}

BOOST_AUTO_TEST_CASE(a_cut_archive_is_found_wherever_it_was_cut) {
  const temporary_folder folder;
  const auto file = folder.path() / "b.tar";
  write_example(file);
  const auto sound = bytes_of(file);
  for (std::size_t length = 0; length + 1024 < sound.size(); length += 511) {
    put(file, sound.substr(0, length));
    BOOST_TEST(!read_all(file), "cut at " << length);
  }
}

BOOST_AUTO_TEST_CASE(a_member_that_was_taken_out_is_missed) {
  const temporary_folder folder;
  const auto file = folder.path() / "b.tar";
  write_example(file);
  put(file, bytes_of(file).substr(1024)); // a.txt: header and one block
  BOOST_TEST(!read_all(file));
}

BOOST_AUTO_TEST_CASE(names_that_would_leave_the_folder_are_refused) {
  for (const char* name : {"", "/etc/passwd", "../x", "a/../b", "a//b", "a/", ".", "a/./b"})
    BOOST_TEST(!is_member_name(name), name);
  BOOST_TEST(!is_member_name(std::string(100, 'a')));
  BOOST_TEST(!is_member_name(std::string_view{"a\0b", 3}));
  for (const char* name : {"a", "a/b", "..a", "state/ingest.key"})
    BOOST_TEST(is_member_name(name), name);
}

BOOST_AUTO_TEST_CASE(a_file_that_is_there_is_not_overwritten_and_an_unfinished_one_is_removed) {
  const temporary_folder folder;
  const auto file = folder.path() / "b.tar";
  {
    auto archive = archive_writer::create(file);
    BOOST_REQUIRE(archive);
    BOOST_REQUIRE(archive->add("a", as_bytes("b")));
  }
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
  put(file, "mine");
  BOOST_TEST(!archive_writer::create(file));
  BOOST_TEST(bytes_of(file) == "mine");
}

BOOST_AUTO_TEST_CASE(what_is_no_archive_is_refused) {
  const temporary_folder folder;
  const auto file = folder.path() / "b.tar";
  BOOST_TEST(!archive_reader::open(file));
  put(file, std::string(4096, 'x'));
  BOOST_TEST(!read_all(file));
  put(file, std::string(4096, '\0'));
  BOOST_TEST(!read_all(file));
}

BOOST_AUTO_TEST_SUITE_END()
