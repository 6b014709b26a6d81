#pragma once

#include "coord/segment/segment_repository.hpp"

namespace cresset::coord::store {
class connection_pool;
}

namespace cresset::coord::store::segment {

/// The registry in PostgreSQL. Changes follow one another under an advisory lock; readers never
/// wait.
class segment_store final : public coord::segment::segment_repository {
public:
  /// The pool outlives the store.
  explicit segment_store(connection_pool& pool) : pool_{pool} {}

  incident::result<coord::segment::import_answer>
  import(const coord::segment::import_request& request) override;
  incident::result<coord::segment::change_set> undo(coord::segment::change_set_id id,
                                                    const std::string& by, timestamp at) override;
  incident::result<std::vector<coord::segment::change_set>>
  change_sets(coord::segment::change_set_id before, int limit) override;
  incident::result<coord::segment::change_set> one(coord::segment::change_set_id id) override;
  incident::result<coord::segment::difference> content_of(coord::segment::change_set_id id,
                                                          int limit) override;
  incident::result<coord::segment::change_set> put(coord::segment::record what,
                                                   const std::string& by, timestamp at) override;
  incident::result<coord::segment::change_set> remove(coord::segment::record_id id,
                                                      const std::string& by, timestamp at) override;
  incident::result<std::vector<coord::segment::kept_record>>
  search(const coord::segment::record_query& query) override;
  incident::result<std::vector<coord::segment::kept_record>>
  around(const ip_address& address) override;
  incident::result<std::vector<coord::segment::kept_record>>
  around(const std::string& domain) override;
  incident::result<std::vector<coord::segment::kept_record>>
  around(std::uint32_t as_number) override;
  incident::result<coord::segment::change_set_id> head() override;
  incident::result<std::vector<coord::segment::record>> live() override;
  incident::result<std::vector<coord::segment::record>>
  contacts_of(const std::string& owner, coord::segment::day today) override;
  incident::result<coord::segment::record> owner(const std::string& key,
                                                 coord::segment::day today) override;

private:
  connection_pool& pool_;
};

} // namespace cresset::coord::store::segment
