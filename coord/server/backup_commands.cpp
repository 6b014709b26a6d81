// A backup is a tar archive (coord/backup):
//
//   manifest.json           what it is, when it was made, where the journal ended before the dump
//   state/...               the state folder without the database: keys, certificate, checkpoints
//   identity/... partners/...  config/policy.yaml config/correlation.yaml   as far as there are any
//   database.dump           pg_dump's custom format, one moment of the whole database
//   SHA256SUMS
//
// The manifest's checkpoint is older than the dump, so the restored journal must run through it.
#include "coord/server/backup_commands.hpp"

#include "capture/base/json_writer.hpp"
#include "capture/base/timestamp.hpp"
#include "coord/backup/child.hpp"
#include "coord/federation/ceremony.hpp"
#include "coord/server/database.hpp"
#include "coord/server/privileges.hpp"
#include "coord/server/sharing.hpp"
#include "coord/signed/canonical_json.hpp"
#include "coord/store/migrations.hpp"
#include "coord/store/operation/operation_store.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace cresset::coord::server {
namespace fs = std::filesystem;
namespace {

constexpr const char* programs = "/usr/lib/postgresql/15/bin";
constexpr const char* manifest_name = "manifest.json";
constexpr const char* dump_name = "database.dump";
constexpr std::uintmax_t file_limit_bytes = std::uintmax_t{64} << 20;
constexpr std::size_t manifest_limit_bytes = 64 * 1024;

template <typename Result>
auto value_of(Result&& result) {
  if (!result)
    throw std::runtime_error{result.error().text};
  if constexpr (!std::is_void_v<typename std::decay_t<Result>::value_type>)
    return *std::move(result);
}

void demand(const backup::outcome<void>& done) {
  if (!done)
    throw std::runtime_error{done.error().text};
}

std::string text_of(const fs::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::stringstream read;
  read << in.rdbuf();
  if (!in)
    throw std::runtime_error{fmt::format("backup: cannot read {}", file.string())};
  return read.str();
}

std::string needed(const command_line& line, std::string_view option) {
  auto value = line.option(option);
  if (value.empty())
    throw config_error{fmt::format("{} needs --{}", fmt::join(line.command, " "), option)};
  return value;
}

/// Everything below a folder but `left_out`, in order of names.
void add_folder(backup::archive_writer& into, const fs::path& folder, const std::string& as,
                const std::vector<fs::path>& left_out) {
  std::error_code error;
  if (folder.empty() || !fs::is_directory(folder, error))
    return;
  std::vector<fs::path> files;
  for (auto at = fs::recursive_directory_iterator{folder}; at != fs::recursive_directory_iterator{};
       ++at) {
    const bool skipped = std::ranges::any_of(
        left_out, [&](const fs::path& one) { return fs::equivalent(at->path(), one, error); });
    if (skipped && at->is_directory())
      at.disable_recursion_pending();
    if (!skipped && at->symlink_status().type() == fs::file_type::regular)
      files.push_back(at->path());
  }
  std::ranges::sort(files);
  for (const auto& file : files) {
    if (fs::file_size(file) > file_limit_bytes)
      throw std::runtime_error{fmt::format(
          "backup: {} is too large for a state file: move it elsewhere", file.string())};
    demand(
        into.add(as + "/" + fs::relative(file, folder).generic_string(), as_bytes(text_of(file))));
  }
}

void add_file(backup::archive_writer& into, const fs::path& file, std::string_view as) {
  if (!file.empty())
    demand(into.add(as, as_bytes(text_of(file))));
}

std::string manifest_of(const journal::checkpoint& end) {
  std::string text;
  json_writer json{text};
  json.begin_object()
      .member("type", "cresset backup")
      .member("format", 1)
      .member("made", to_rfc3339_ms(now()))
      .member("schema", store::embedded_migrations().back().number)
      .member("journal", end.end.sequence == 0 ? std::string{} : end.to_string())
      .end_object();
  return text + "\n";
}

void add_database(backup::archive_writer& into, const std::string& url) {
  demand(into.begin(dump_name));
  demand(backup::read_from(
      {{fmt::format("{}/pg_dump", programs), "--format=custom", "--compress=3", "--no-owner",
        "--no-privileges", "--no-password", "--exclude-table-data=session"},
       store::operation::environment_of(url)},
      [&](byte_view piece) { return into.write(piece); }));
  demand(into.end());
}

/// Where a member goes; nothing for one that this configuration has no place for.
std::optional<fs::path> place_of(const std::string& member, const config& settings) {
  const auto below = [&](std::string_view prefix,
                         const fs::path& folder) -> std::optional<fs::path> {
    if (!member.starts_with(prefix) || folder.empty())
      return std::nullopt;
    return folder / member.substr(prefix.size());
  };
  if (member == "config/policy.yaml")
    return settings.policy.empty() ? std::nullopt : std::optional{settings.policy};
  if (member == "config/correlation.yaml")
    return settings.correlation.empty() ? std::nullopt : std::optional{settings.correlation};
  if (auto found = below("state/", settings.state))
    return found;
  if (auto found = below("identity/", settings.identity))
    return found;
  return below("partners/", settings.partners);
}

void make_parents(const fs::path& file) {
  std::error_code error;
  std::vector<fs::path> missing;
  for (auto folder = file.parent_path(); !folder.empty() && !fs::exists(folder, error);
       folder = folder.parent_path())
    missing.push_back(folder);
  for (auto at = missing.rbegin(); at != missing.rend(); ++at)
    if (!fs::create_directory(*at, error) || ::chmod(at->c_str(), 0700) != 0)
      throw std::runtime_error{fmt::format("restore: cannot make {}", at->string())};
}

/// A new file, its owner's alone; refuses one that is there.
backup::byte_sink file_sink(const fs::path& file) {
  make_parents(file);
  const int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
  if (fd < 0)
    throw std::runtime_error{
        fmt::format("restore: cannot write {}: {}", file.string(), std::strerror(errno))};
  const std::shared_ptr<const int> open{new int{fd}, [](const int* one) {
                                          ::fsync(*one);
                                          ::close(*one);
                                          std::default_delete<const int>{}(one);
                                        }};
  return [open, file](byte_view piece) -> backup::outcome<void> {
    while (!piece.empty()) {
      const auto done = ::write(*open, piece.data(), piece.size());
      if (done <= 0)
        return unexpected{backup::archive_error{
            fmt::format("restore: cannot write {}: {}", file.string(), std::strerror(errno))}};
      piece = piece.subspan(static_cast<std::size_t>(done));
    }
    return {};
  };
}

/// The first pass: everything is there and nothing was changed. Gives the manifest.
signed_::json_value checked_manifest(const fs::path& file, const std::string& expected_hash) {
  std::string manifest;
  bool has_dump = false;
  auto reader = value_of(backup::archive_reader::open(file));
  const auto members = value_of(
      reader.read([&](const backup::archive_member& one) -> backup::outcome<backup::byte_sink> {
        has_dump = has_dump || one.name == dump_name;
        if (one.name != manifest_name || one.size > manifest_limit_bytes)
          return backup::byte_sink{};
        return backup::byte_sink{[&](byte_view piece) -> backup::outcome<void> {
          manifest += as_text(piece);
          return {};
        }};
      }));
  if (const auto hash = members.back().hash.hex(); !expected_hash.empty() && hash != expected_hash)
    throw std::runtime_error{
        fmt::format("restore: {} has the hash {}, not {}", file.string(), hash, expected_hash)};
  const auto read = signed_::read_json(manifest);
  if (!read || read->text_of("type") != "cresset backup" || read->whole_of("format") != 1 ||
      !has_dump)
    throw std::runtime_error{fmt::format("restore: {} is no backup of cresset-coord that this "
                                         "program reads",
                                         file.string())};
  return *read;
}

void demand_empty(const config& settings) {
  std::error_code error;
  const bool is_empty = !fs::exists(settings.state, error) || fs::is_empty(settings.state, error);
  if (!is_empty)
    throw std::runtime_error{fmt::format("restore: {} is not empty: a backup is restored into a "
                                         "folder of its own; move the old one away",
                                         settings.state.string())};
  for (const auto& folder : {settings.identity, settings.partners})
    if (!folder.empty() && fs::exists(folder, error) && !fs::is_empty(folder, error))
      throw std::runtime_error{
          fmt::format("restore: {} is not empty: move it away", folder.string())};
}

void unpack_files(const fs::path& file, const config& settings) {
  auto reader = value_of(backup::archive_reader::open(file));
  value_of(
      reader.read([&](const backup::archive_member& one) -> backup::outcome<backup::byte_sink> {
        if (one.name == manifest_name || one.name == dump_name)
          return backup::byte_sink{};
        const auto place = place_of(one.name, settings);
        if (!place || (one.name.starts_with("config/") && fs::exists(*place))) {
          fmt::print("{} is left out: {}\n", one.name,
                     place ? "there is one" : "the options name no place for it");
          return backup::byte_sink{};
        }
        return file_sink(*place);
      }));
}

void unpack_database(const fs::path& file, const std::string& url) {
  auto child = value_of(backup::fed_child::start(
      {{fmt::format("{}/pg_restore", programs), "--no-owner", "--no-privileges", "--exit-on-error",
        "--single-transaction", "--no-password", "--dbname="},
       store::operation::environment_of(url)}));
  auto reader = value_of(backup::archive_reader::open(file));
  value_of(
      reader.read([&](const backup::archive_member& one) -> backup::outcome<backup::byte_sink> {
        if (one.name != dump_name)
          return backup::byte_sink{};
        return backup::byte_sink{[&](byte_view piece) { return child.write(piece); }};
      }));
  demand(child.finish());
}

int print_findings(store::store& store, const std::optional<journal::checkpoint>& known) {
  const auto verdict = store.audit.verify(known);
  if (!verdict)
    throw std::runtime_error{verdict.error().text};
  for (const auto& finding : verdict->findings)
    fmt::print("journal entry {}: {}\n", finding.sequence, to_string(finding.what));
  store::operation::operation_store operation{store.pool()};
  int broken = 0;
  for (const auto& one : value_of(operation.check_integrity()))
    if (one.violations != 0) {
      ++broken;
      fmt::print("store: broken in {} places: {}\n", one.violations, one.rule);
    }
  fmt::print("journal: {} entries, {} findings; store: {} rules broken\n",
             verdict->end.end.sequence, verdict->findings.size(), broken);
  return verdict->findings.empty() && broken == 0 ? 0 : 1;
}

} // namespace

int make_backup(const command_line& line) {
  const auto& settings = line.settings;
  const auto file = needed(line, "to");
  const auto data = borrow_database(settings);
  auto archive = value_of(backup::archive_writer::create(file));
  const auto journal = data.store->audit.verify(std::nullopt);
  if (!journal)
    throw std::runtime_error{journal.error().text};
  if (!journal->findings.empty())
    fmt::print(stderr,
               "cresset-coord: warning: the journal does not verify: see 'journal verify'\n");
  demand(archive.add(manifest_name, as_bytes(manifest_of(journal->end))));
  // `partners` and `identity` may lie within the state folder; each is kept once, by its own name.
  add_folder(archive, settings.state, "state",
             {settings.state / "postgres", settings.identity, settings.partners});
  add_folder(archive, settings.identity, "identity", {settings.identity / identity_file});
  add_folder(archive, settings.partners, "partners", {});
  add_file(archive, settings.policy, "config/policy.yaml");
  add_file(archive, settings.correlation, "config/correlation.yaml");
  add_database(archive, data.store->url());
  const auto hash = value_of(archive.finish());
  fmt::print("backup {} hash {}\n", file, hash.hex());
  return 0;
}

int restore_backup(const command_line& line) {
  const auto& settings = line.settings;
  const fs::path file = needed(line, "from");
  demand_empty(settings);
  const auto manifest = checked_manifest(file, line.option("hash"));
  if (manifest.whole_of("schema").value_or(0) >
      static_cast<std::uint64_t>(store::embedded_migrations().back().number))
    throw std::runtime_error{"restore: the backup was made by a newer program: use that one"};
  prepare_state_folder(settings.state);
  unpack_files(file, settings);
  const auto data = open_empty_database(settings);
  unpack_database(file, data.url);
  const auto opened = open_store(data.url);
  std::vector<std::string> partners;
  if (const auto pins = federation::load_pins(settings.partners))
    for (const auto& pin : *pins)
      partners.push_back(pin.id());
  store::operation::operation_store operation{opened->pool()};
  const auto made = std::string{manifest.text_of("made").value_or("")};
  if (const auto noted = operation.note_restore(
          partners, now(),
          fmt::format("Restored from a backup of {}; streams to partners are held", made));
      !noted)
    throw std::runtime_error{noted.error().text};
  fmt::print("restored the backup of {}; {} partners: nothing is signed for one before its stream "
             "was compared with ours\n",
             made, partners.size());
  return print_findings(*opened,
                        journal::checkpoint::parse(manifest.text_of("journal").value_or("")));
}

int verify_store(const command_line& line) {
  const auto data = borrow_database(line.settings);
  return print_findings(*data.store, std::nullopt);
}

} // namespace cresset::coord::server
