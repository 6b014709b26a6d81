#include "coord/http/session_table.hpp"

#include <algorithm>

namespace cresset::coord::http {

const session_table::session& session_table::insert(const session_hash& hash, const account& of,
                                                    std::string csrf_token,
                                                    std::chrono::seconds lifetime, time_point at,
                                                    endings& over) {
  std::erase_if(sessions_, [&](const auto& entry) {
    if (!is_over(entry.second, at))
      return false;
    ++expired_;
    over.ended.push_back(entry.second.who.session);
    over.idle.push_back(entry.first);
    return true;
  });
  const auto of_account = [&](const auto& entry) { return entry.second.who.name == of.name; };
  if (static_cast<std::size_t>(std::ranges::count_if(sessions_, of_account)) >=
      limits_.sessions_an_account)
    evict(of_account, over);
  if (sessions_.size() >= limits_.sessions)
    evict([](const auto&) { return true; }, over);
  identity who{of.name, of.number, of.rights, next_++, std::move(csrf_token)};
  return sessions_[hash] = {std::move(who), at + lifetime, at, at};
}

session_table::session* session_table::find(const session_hash& hash, time_point at,
                                            endings& over) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end())
    return nullptr;
  if (!is_over(found->second, at))
    return &found->second;
  ++expired_;
  over.ended.push_back(found->second.who.session);
  over.idle.push_back(hash);
  sessions_.erase(found);
  return nullptr;
}

bool session_table::is_open(std::uint64_t number, time_point at) const {
  return std::ranges::any_of(sessions_, [&](const auto& entry) {
    return entry.second.who.session == number && !is_over(entry.second, at);
  });
}

std::optional<session_hash> session_table::hash_of(std::uint64_t number) const {
  for (const auto& [hash, known] : sessions_)
    if (known.who.session == number)
      return hash;
  return std::nullopt;
}

bool session_table::take_out(const session_hash& hash, endings& over) {
  const auto found = sessions_.find(hash);
  if (found == sessions_.end())
    return false;
  over.ended.push_back(found->second.who.session);
  sessions_.erase(found);
  return true;
}

std::vector<session_hash> session_table::take_out_all(std::string_view name, std::uint64_t but,
                                                      endings& over) {
  std::vector<session_hash> hashes;
  std::erase_if(sessions_, [&](const auto& entry) {
    if (entry.second.who.name != name || entry.second.who.session == but)
      return false;
    over.ended.push_back(entry.second.who.session);
    hashes.push_back(entry.first);
    return true;
  });
  return hashes;
}

template <typename Predicate>
void session_table::evict(Predicate belongs, endings& over) {
  auto oldest = sessions_.end();
  for (auto s = sessions_.begin(); s != sessions_.end(); ++s)
    if (belongs(*s) && (oldest == sessions_.end() || s->second.used < oldest->second.used))
      oldest = s;
  if (oldest == sessions_.end())
    return;
  ++evicted_;
  over.ended.push_back(oldest->second.who.session);
  over.idle.push_back(oldest->first);
  sessions_.erase(oldest);
}

} // namespace cresset::coord::http
