#include "coord/api/segment/upload_shelf.hpp"

#include "coord/signed/digest.hpp"

#include <sodium.h>

#include <array>

namespace cresset::coord::api::segment {

void upload_shelf::sweep(time_point at) {
  std::erase_if(files_, [&](const auto& f) { return at - f.second.used > idle_limit; });
}

upload_shelf::file* upload_shelf::find(const std::string& name, std::int64_t account,
                                       time_point at) {
  sweep(at);
  const auto found = files_.find(name);
  if (found == files_.end() || found->second.account != account)
    return nullptr;
  found->second.used = at;
  return &found->second;
}

std::optional<std::string> upload_shelf::begin(std::int64_t account, time_point at) {
  const std::lock_guard lock{mutex_};
  sweep(at);
  if (files_.size() >= files_limit)
    return std::nullopt;
  std::array<std::byte, 16> random{};
  ::randombytes_buf(random.data(), random.size());
  const auto name = signed_::to_hex(random);
  files_[name] = {account, 0, 0, {}, at};
  return name;
}

upload_shelf::added upload_shelf::add(const std::string& name, std::int64_t account,
                                      std::int64_t number, std::string text, time_point at) {
  const std::lock_guard lock{mutex_};
  auto* const known = find(name, account, at);
  if (known == nullptr)
    return added::unknown;
  if (number == known->parts && number > 0)
    known->text.resize(known->last_part_at);
  else if (number != known->parts + 1)
    return added::out_of_order;
  if (known->text.size() + text.size() > file_limit_bytes)
    return added::too_large;
  known->parts = number;
  known->last_part_at = known->text.size();
  known->text += text;
  return added::ok;
}

std::optional<std::string> upload_shelf::text(const std::string& name, std::int64_t account,
                                              time_point at) {
  const std::lock_guard lock{mutex_};
  const auto* const known = find(name, account, at);
  return known == nullptr ? std::nullopt : std::optional{known->text};
}

void upload_shelf::forget(const std::string& name) {
  const std::lock_guard lock{mutex_};
  files_.erase(name);
}

} // namespace cresset::coord::api::segment
