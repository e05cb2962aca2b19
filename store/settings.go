package store

import (
	"context"
	"encoding/json"
	"errors"

	"saasconnect/connector"
	"saasconnect/store/disk"
)

// What was asked once, in a file of its own: losing it only means being asked again.

const largestSettings = 64 << 10

// Settings are what was asked once. A file that can't be read only means asking again.
func (s *Store) Settings(context.Context) (connector.Settings, error) {
	var settings connector.Settings
	data, err := disk.ReadBounded(s.settings, largestSettings)
	if err != nil || json.Unmarshal(data, &settings) != nil {
		return connector.Settings{}, nil
	}
	return settings, nil
}

// SetSettings remembers those that are set, and leaves the others as they are: another
// process may have set them since they were read. Errors are *connector.StoreError.
func (s *Store) SetSettings(ctx context.Context, set connector.Settings) error {
	return s.file.locked(ctx, func() error {
		settings, _ := s.Settings(ctx)
		if set.Role != connector.RoleUnknown {
			settings.Role = set.Role
		}
		if set.KeepIn != "" {
			settings.KeepIn = set.KeepIn
		}
		data, err := json.Marshal(settings)
		if err == nil {
			err = disk.TrustFile(s.settings)
		}
		if err == nil {
			err = disk.WriteAtomic(s.settings, append(data, '\n'), s.fail)
		}
		var file *connector.StoreError
		if err != nil && errors.As(s.file.trouble(err), &file) {
			if file.Where = s.settings; file.Why == connector.StoreOther || file.Why == connector.StoreNotPlain {
				file.Why = connector.StoreSettings
			}
			return file
		}
		return nil
	})
}
