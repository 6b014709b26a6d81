// A pin is one file in the partners' folder, NAME.partner: the newest key record of the partner, as
// its bytes. That its identity key is the right one was settled by two people when the file was
// first made; from then on a record is taken only when the same identity key has signed it. Files
// are written beside their place and moved, so that a kill leaves the old or the new one.
#include "coord/federation/ceremony.hpp"

#include "coord/stix/uuid.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace cresset::coord::federation {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view pin_ending = ".partner";

unexpected<ceremony_error> wrong(std::string sentence) {
  return unexpected{ceremony_error{std::move(sentence)}};
}

ceremony_result<void> write_whole(const fs::path& path, std::string_view bytes) {
  const auto beside = path.string() + ".new";
  const int file = ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0)
    return wrong(fmt::format("{}: {}", beside, std::strerror(errno)));
  const bool whole =
      ::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) &&
      ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (!whole || ::rename(beside.c_str(), path.c_str()) != 0) {
    const auto why = std::string{std::strerror(whole ? errno : error)};
    ::unlink(beside.c_str());
    return wrong(fmt::format("{}: {}", path.string(), why));
  }
  return {};
}

std::string letters_of(std::string_view text) {
  std::string kept;
  for (const char c : text)
    if (c != ' ' && c != '\t' && c != '\n' && c != ':' && c != '-')
      kept += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  return kept;
}

fs::path pin_path(const fs::path& folder, const signed_::key_record& record) {
  return folder / (record.name + std::string{pin_ending});
}

} // namespace

ceremony_result<signed_::signed_key_record> make_record(const record_request& wanted,
                                                        const signed_::signing_key& identity,
                                                        const signed_::signed_key_record* before) {
  signed_::key_record record;
  record.owner = before != nullptr      ? before->record.owner
                 : wanted.owner.empty() ? "identity--" + stix::uuid::random().to_string()
                                        : wanted.owner;
  record.name = wanted.name;
  record.number = before != nullptr ? before->record.number + 1 : 1;
  record.identity = identity.public_half();
  record.transport = wanted.transport;
  record.signing = wanted.signing;
  record.endpoints = wanted.endpoints;
  record.issued = wanted.issued;
  const auto bytes = sign_key_record(record, identity);
  auto made = bytes ? signed_::read_key_record(*bytes)
                    : expected<signed_::signed_key_record, signed_::key_record_errc>{
                          unexpected{signed_::key_record_errc::malformed}};
  if (!made)
    return wrong("the record would not be valid: the name has a-z, 0-9 and -, at most 32; "
                 "endpoints look like tcp://host:port");
  if (before != nullptr)
    if (const auto allowed = may_replace(before->record, made->record); !allowed)
      return wrong(fmt::format("the record cannot replace number {}: {}", before->record.number,
                               to_string(allowed.error())));
  return *std::move(made);
}

ceremony_result<signed_::signed_key_record> read_introduction(const fs::path& path) {
  std::ifstream in{path, std::ios::binary};
  std::string bytes(signed_::key_record_limit_bytes + 2, '\0');
  if (!in)
    return wrong(fmt::format("{}: cannot be read", path.string()));
  in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  bytes.resize(static_cast<std::size_t>(in.gcount()));
  if (!bytes.empty() && bytes.back() == '\n')
    bytes.pop_back();
  auto record = signed_::read_key_record(bytes);
  if (!record)
    return wrong(
        fmt::format("{}: {}; ask the partner for the file that `cresset partner export` writes",
                    path.string(), to_string(record.error())));
  return *std::move(record);
}

ceremony_result<void> write_introduction(const fs::path& path,
                                         const signed_::signed_key_record& record) {
  return write_whole(path, record.bytes + "\n");
}

std::string comparison_text(const signed_::signed_key_record& signed_record) {
  const auto& record = signed_record.record;
  std::string text = fmt::format("partner      {}\nidentity     {}\nrecord       {} of {}\n",
                                 record.name, record.owner, record.number,
                                 record.issued.empty() ? "unknown date" : record.issued);
  for (const auto& endpoint : record.endpoints)
    text += fmt::format("endpoint     {}\n", endpoint);
  return text + fmt::format("fingerprint  {}\n", record.identity.fingerprint());
}

ceremony_result<void> pin(const fs::path& folder, const signed_::signed_key_record& record,
                          std::string_view heard_fingerprint) {
  const auto pins = load_pins(folder);
  if (!pins)
    return unexpected{pins.error()};
  for (const peer& known : *pins) {
    if (known.id() == record.record.owner) {
      if (known.record.bytes == record.bytes)
        return {};
      return renew_pin(folder, record);
    }
    if (known.name() == record.record.name)
      return wrong(fmt::format("{} is pinned already, with another identity; if the partner began "
                               "anew, remove {} after you spoke to it",
                               known.name(), pin_path(folder, known.record.record).string()));
  }
  if (letters_of(heard_fingerprint) != letters_of(record.record.identity.fingerprint()))
    return wrong("the fingerprint is not the one of this file: do not pin it, and tell the partner "
                 "over another channel");
  std::error_code failure;
  fs::create_directories(folder, failure);
  return write_whole(pin_path(folder, record.record), record.bytes + "\n");
}

ceremony_result<void> renew_pin(const fs::path& folder, const signed_::signed_key_record& newer) {
  const auto pins = load_pins(folder);
  if (!pins)
    return unexpected{pins.error()};
  const auto at = std::find_if(pins->begin(), pins->end(),
                               [&](const peer& known) { return known.id() == newer.record.owner; });
  if (at == pins->end())
    return wrong("no pinned partner has this identity");
  if (const auto allowed = may_replace(at->record.record, newer.record); !allowed)
    return wrong(fmt::format("the record cannot replace number {} of {}: {}",
                             at->record.record.number, at->name(), to_string(allowed.error())));
  if (at->name() != newer.record.name)
    return wrong(
        fmt::format("the record renames {} to {}: pin it anew", at->name(), newer.record.name));
  return write_whole(pin_path(folder, newer.record), newer.bytes + "\n");
}

ceremony_result<std::vector<peer>> load_pins(const fs::path& folder) {
  std::vector<peer> pins;
  std::error_code failure;
  if (!fs::exists(folder, failure))
    return pins;
  for (const auto& file : fs::directory_iterator{folder, failure}) {
    if (file.path().extension() != pin_ending)
      continue;
    auto record = read_introduction(file.path());
    if (!record)
      return unexpected{record.error()};
    if (file.path().stem() != record->record.name)
      return wrong(fmt::format("{}: holds the partner {}, whose file has another name",
                               file.path().string(), record->record.name));
    pins.push_back({*std::move(record)});
  }
  if (failure)
    return wrong(fmt::format("{}: {}", folder.string(), failure.message()));
  std::sort(pins.begin(), pins.end(),
            [](const peer& a, const peer& b) { return a.name() < b.name(); });
  return pins;
}

} // namespace cresset::coord::federation
