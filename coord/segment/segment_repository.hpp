#pragma once

#include "coord/incident/repository.hpp"
#include "coord/segment/difference.hpp"

namespace cresset::coord::segment {

using incident::result;
using change_set_id = incident::number_id<struct change_set_tag>;
using record_id = incident::number_id<struct record_tag>;

/// The source of what is edited here; imports have other names.
inline constexpr std::string_view manual_source = "manual";
/// 1 to 64 of a-z, 0-9, '.', '-', '_', as an owner's key, and not `manual_source`.
bool is_import_source(std::string_view name) noexcept;
/// Kind of the journal's entries about the registry.
inline constexpr std::string_view journal_kind = "segment_changed";
/// Sources that may have live records.
inline constexpr int sources_limit = 64;

enum class change_kind : std::uint8_t { imported = 0, edited = 1, undone = 2 };
std::string_view to_string(change_kind what) noexcept;

/// One import, edit or undo, with what it counted.
struct change_set {
  change_set_id id;
  timestamp at;
  std::string by;
  change_kind what = change_kind::imported;
  std::string source;
  /// "delegated", "prefix_list", "csv"; empty for edits.
  std::string format;
  /// Of the file, in hex; empty for edits.
  std::string sha256;
  std::string note;
  int added = 0;
  int changed = 0;
  int removed = 0;
  std::optional<change_set_id> undoes;
  std::optional<change_set_id> undone_by;
};

/// A file that was read, to become all there is of its source.
struct import_request {
  std::string source;
  std::string format;
  std::string sha256;
  std::string note;
  /// In order of kind and key, each once.
  std::span<const record> records;
  std::string by;
  timestamp at;
  /// Says what would change, and changes nothing.
  bool dry_run = false;
};

struct import_answer {
  difference what;
  /// Nothing for a dry run and when nothing changes.
  std::optional<change_set> made;
  /// Owners that records of the file name and nobody registered; some of them.
  std::vector<std::string> unknown_owners;
};

/// A live record with where it comes from.
struct kept_record {
  record_id id;
  std::string source;
  change_set_id added_in;
  record what;
};

struct record_query {
  std::optional<record_kind> kind;
  /// Found anywhere in key, name or mail address, whatever the case.
  std::string text;
  std::string owner;
  std::string source;
  std::string country;
  std::optional<record_id> after;
  int limit = 50;
};

/// The registry as it is kept. Any thread. Every change is one transaction with its journal entry,
/// and stays as history that can be undone.
class segment_repository {
public:
  virtual ~segment_repository() = default;

  virtual result<import_answer> import(const import_request& request) = 0;
  /// Puts back what was there before. `refused` unless it is the source's last change that still
  /// stands.
  virtual result<change_set> undo(change_set_id id, const std::string& by, timestamp at) = 0;
  /// Newest first, before `before` (all when 0).
  virtual result<std::vector<change_set>> change_sets(change_set_id before, int limit) = 0;
  virtual result<change_set> one(change_set_id id) = 0;
  /// What it did, at most `limit` records of each sort.
  virtual result<difference> content_of(change_set_id id, int limit) = 0;

  /// Adds or replaces the record of its kind and key in `manual_source`.
  virtual result<change_set> put(record what, const std::string& by, timestamp at) = 0;
  /// Takes a live record out of `manual_source`; `refused` for records of imports, which change
  /// with their files alone.
  virtual result<change_set> remove(record_id id, const std::string& by, timestamp at) = 0;

  /// By kind, key and id.
  virtual result<std::vector<kept_record>> search(const record_query& query) = 0;
  /// Live prefixes around an address, longest first.
  virtual result<std::vector<kept_record>> around(const ip_address& address) = 0;
  /// Live records of the domain and of those it lies in, the nearest first.
  virtual result<std::vector<kept_record>> around(const std::string& domain) = 0;
  /// Live ranges that hold the AS number, the narrowest first.
  virtual result<std::vector<kept_record>> around(std::uint32_t as_number) = 0;

  /// Rises with each change.
  virtual result<change_set_id> head() = 0;
  /// All owners and prefixes, whatever their validity.
  virtual result<std::vector<record>> live() = 0;
  /// Contacts of an owner that hold on that day, each once, as its heaviest source has it.
  virtual result<std::vector<record>> contacts_of(const std::string& owner, day today) = 0;
  /// The owner's record that holds on that day; `not_found` when there is none.
  virtual result<record> owner(const std::string& key, day today) = 0;
};

} // namespace cresset::coord::segment
